//! What of a page is not its article: navigation, lists of other articles, comments, the site's
//! own lines.
//!
//! Only what is surely no part of the article is left out, by the element, its role, the words of
//! its class and id, and how much of its text is links; all else is kept in its order. A region
//! that holds the headline or most of the running text is never left out, whatever it is called.

use crate::model::{BlockKind, CodeKind, Inline, Line};

/// Where a paragraph stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    /// The innermost element that groups paragraphs, numbered in the order of their start.
    pub(super) container: usize,
    /// The table whose cell is `container`, zero where it is no cell.
    pub(super) table: usize,
    /// The `article` or `main` element that it stands in, zero outside.
    pub(super) article: usize,
    /// The innermost region that may be furniture, zero outside.
    pub(super) region: usize,
}

/// How sure it is that a region is no part of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// It is furniture, whatever stands in it.
    None,
    /// It is furniture unless the article itself stands in it.
    Little,
    /// It is furniture where it is made of links, or says what sites say of themselves.
    Some,
}

/// A part of a page that may be furniture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub(super) doubt: Doubt,
    /// The region around it, zero for none.
    pub(super) above: usize,
}

/// What an element is by its name, role, class and id; none where nothing speaks against it.
pub(super) fn doubt(name: &str, role: &str, words: &str, hidden: bool) -> Option<Doubt> {
    if hidden || matches!(name, "nav" | "dialog" | "menu") {
        return Some(Doubt::None);
    }
    match role {
        "navigation" | "search" | "menu" | "menubar" | "toolbar" | "dialog" => {
            return Some(Doubt::None);
        }
        "complementary" | "contentinfo" | "banner" => return Some(Doubt::Some),
        _ => {}
    }
    let by_words = names(words).filter_map(|word| meaning(&word));
    let by_words = by_words.min_by_key(|doubt| u8::from(*doubt == Doubt::Some));
    let by_name = matches!(name, "header" | "footer" | "aside" | "form").then_some(Doubt::Some);
    by_words.or(by_name)
}

/// The words of class names and ids: `relatedNews`, `related-news` and `related_news` are two.
fn names(classes: &str) -> impl Iterator<Item = String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for c in classes.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_small) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && c.is_alphanumeric()
        {
            word.extend(c.to_lowercase());
        }
        was_small = c.is_lowercase();
    }
    words.into_iter().filter(|word| !word.is_empty())
}

fn meaning(word: &str) -> Option<Doubt> {
    match word {
        "nav" | "navbar" | "navigation" | "daohang" | "menu" | "breadcrumb" | "breadcrumbs"
        | "crumb" | "crumbs" | "share" | "sharing" | "fenxiang" | "social" | "comment"
        | "comments" | "pinglun" | "disqus" | "ad" | "ads" | "adv" | "advert" | "advertisement"
        | "advertising" | "login" | "signin" | "search" | "searchbox" | "pager" | "pagination"
        | "cookie" | "cookies" | "popup" | "modal" | "newsletter" | "skip" | "sitemap"
        | "friendlink" | "friendlinks" => Some(Doubt::Little),
        "sidebar" | "related" | "relate" | "xiangguan" | "recommend" | "recommended"
        | "recommends" | "recommendations" | "tuijian" | "footer" | "foot" | "header" | "top"
        | "copyright" | "logo" | "hot" | "rank" | "more" | "tags" | "links" | "toolbar"
        | "tools" | "promo" => Some(Doubt::Some),
        word if word.ends_with("nav") => Some(Doubt::Little),
        _ => None,
    }
}

/// What is counted of some text.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    /// Paragraphs.
    lines: usize,
    /// Paragraphs that are links.
    links: usize,
    /// Headings.
    heads: usize,
    /// Letters and digits.
    letters: usize,
    /// Of these, in links.
    linked: usize,
    /// Characters of running text.
    prose: usize,
    /// Headlines of the page.
    titles: usize,
    /// Paragraphs in which a site speaks of itself.
    legal: usize,
    /// Paragraphs that say who wrote or edited something.
    credits: usize,
}

impl Count {
    fn add(&mut self, other: Self) {
        self.lines += other.lines;
        self.links += other.links;
        self.heads += other.heads;
        self.letters += other.letters;
        self.linked += other.linked;
        self.prose += other.prose;
        self.titles += other.titles;
        self.legal += other.legal;
        self.credits += other.credits;
    }

    /// Whether nearly all of it is links.
    fn is_linked(&self) -> bool {
        self.letters > 0 && 4 * self.linked >= 3 * self.letters
    }
}

/// Says of each line whether it is furniture. `site` is the name of the site, if the page tells it.
/// Where `lists` is not set, only regions are looked at, not how much of a line is links.
pub(super) fn find(
    lines: &[Line],
    places: &[Place],
    regions: &[Region],
    site: Option<&str>,
    lists: bool,
) -> Vec<bool> {
    let counts: Vec<Count> = lines.iter().map(count).collect();
    let mut page = Count::default();
    let mut of_region = vec![Count::default(); regions.len() + 1];
    let containers = places.iter().map(|place| place.container.max(place.table));
    let most = containers.max().unwrap_or(0);
    let mut of_container = vec![Count::default(); most + 1];
    let mut of_table = vec![Count::default(); most + 1];
    for (count, place) in counts.iter().zip(places) {
        page.add(*count);
        of_container[place.container].add(*count);
        if place.table > 0 {
            of_table[place.table].add(*count);
        }
        if place.region > 0 {
            of_region[place.region].add(*count);
        }
    }
    // A region comes behind the one around it.
    for i in (1..=regions.len()).rev() {
        let above = regions[i - 1].above;
        if above > 0 {
            let count = of_region[i];
            of_region[above].add(count);
        }
    }
    let mut is_out = vec![false; regions.len() + 1];
    for (i, region) in (1..).zip(regions) {
        is_out[i] = is_out[region.above] || is_furniture(region.doubt, &of_region[i], &page);
    }
    let mut furniture: Vec<bool> = lines
        .iter()
        .zip(places)
        .zip(&counts)
        .map(|((line, place), count)| {
            let only_title = count.titles > 0 && page.titles == 1;
            let names_site = site.is_some_and(|site| squeeze(&line.text) == squeeze(site));
            is_out[place.region]
                || (count.legal > 0 && count.credits == 0)
                || (lists && names_site && !only_title && line.text.chars().count() < 30)
        })
        .collect();
    if lists {
        for i in 0..lines.len() {
            furniture[i] |= (counts[i].links > 0 || is_neighbour(&lines[i])) && {
                let place = places[i];
                let own = of_container[place.container];
                let all =
                    |group: &Count| group.links + group.heads == group.lines || group.is_linked();
                if place.table > 0 && own.lines == 1 {
                    // A linked cell of a table is part of it.
                    all(&of_table[place.table])
                } else {
                    all(&own) || links(&lines[i]) > 3 || is_neighbour(&lines[i])
                }
            };
        }
        headings(lines, places, &mut furniture);
    }
    if furniture.iter().all(|&out| out) {
        furniture.fill(false);
    }
    furniture
}

fn is_furniture(doubt: Doubt, region: &Count, page: &Count) -> bool {
    let holds_article = (region.titles > 0 && region.titles == page.titles)
        || (region.prose > 0 && 2 * region.prose > page.prose);
    match doubt {
        Doubt::None => true,
        Doubt::Little => !holds_article,
        Doubt::Some => {
            let linked = 2 * region.linked > region.letters;
            !holds_article && region.credits == 0 && (linked || region.legal > 0)
        }
    }
}

/// Marks the headings of what was left out: nothing of theirs is kept.
fn headings(lines: &[Line], places: &[Place], furniture: &mut [bool]) {
    // The next line that is kept.
    let mut next: Option<usize> = None;
    for i in (0..lines.len()).rev() {
        let ends = next.is_none_or(|next| {
            is_heading(&lines[next]) || places[next].container != places[i].container
        });
        let heads = furniture.get(i + 1).is_some_and(|&out| out);
        furniture[i] |= heads && ends && is_heading(&lines[i]);
        if !furniture[i] {
            next = Some(i);
        }
    }
}

fn is_heading(line: &Line) -> bool {
    line.role
        .is_some_and(|role| role.kind == BlockKind::Heading)
        || [
            "相关新闻",
            "相关阅读",
            "相关报道",
            "相关文章",
            "相关链接",
            "推荐阅读",
            "延伸阅读",
            "热门新闻",
            "热门推荐",
            "热点新闻",
            "更多新闻",
            "猜你喜欢",
            "友情链接",
        ]
        .contains(
            &line
                .text
                .trim()
                .trim_matches(['：', ':', '【', '】', '[', ']']),
        )
}

/// Whether a line leads to the article before this one or behind it.
fn is_neighbour(line: &Line) -> bool {
    let text = line.text.trim();
    links(line) > 0
        && ["上一篇", "下一篇", "上一条", "下一条", "上一页", "下一页"]
            .iter()
            .any(|start| text.starts_with(start))
}

fn count(line: &Line) -> Count {
    let text = line.text.as_str();
    let is_title = line.role.is_some_and(|role| role.kind == BlockKind::Title);
    let letters = letters(text);
    let linked: usize = linked(line).map(letters_of(text)).sum();
    let has_stop = text.contains(['。', '！', '？']);
    let length = text.chars().count();
    let is_links = !is_title
        && letters > 0
        && 4 * linked >= 3 * letters
        && !has_stop
        && !is_enlarged_picture(line);
    Count {
        lines: 1,
        links: usize::from(is_links),
        heads: usize::from(!is_links && is_heading(line)),
        letters,
        linked,
        prose: if length >= 15 && text.contains(['。', '，', '.', ',', '！', '？']) && !is_links
        {
            length
        } else {
            0
        },
        titles: usize::from(is_title),
        legal: usize::from(is_legal(text)),
        credits: usize::from(
            ["编辑", "责编", "记者", "作者", "编后", "来源", "校对"]
                .iter()
                .any(|word| text.contains(word)),
        ),
    }
}

/// Whether a site speaks of itself: its licences and rights.
fn is_legal(text: &str) -> bool {
    let text = text.trim();
    let small = text.to_lowercase();
    text.chars().count() < 200
        && (["icp备", "公网安备", "all rights reserved", "增值电信业务"]
            .iter()
            .any(|word| small.contains(word))
            || ["版权所有", "copyright", "©"]
                .iter()
                .any(|word| small.starts_with(word)))
}

fn letters(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}

fn letters_of(text: &str) -> impl Fn((usize, usize)) -> usize {
    move |(from, to)| letters(&text[from..to])
}

/// How many links a line has.
fn links(line: &Line) -> usize {
    linked(line).count()
}

/// The stretches of a line that are links.
fn linked(line: &Line) -> impl Iterator<Item = (usize, usize)> {
    line.codes
        .iter()
        .enumerate()
        .filter_map(|(i, (from, code))| {
            let Inline::Open(open) = code else {
                return None;
            };
            if !matches!(open.kind, CodeKind::Link(_)) {
                return None;
            }
            let closes = |code: &Inline| matches!(code, Inline::Close(id) if *id == open.id);
            let end = line.codes[i..].iter().find(|(_, code)| closes(code));
            Some((*from, end.map_or(line.text.len(), |(to, _)| *to)))
        })
}

/// A picture that links to its larger self is no navigation.
fn is_enlarged_picture(line: &Line) -> bool {
    let enlarges = |address: &str| {
        let address = address.to_ascii_lowercase();
        [".jpg", ".jpeg", ".png", ".gif", ".webp"]
            .iter()
            .any(|ending| address.ends_with(ending))
    };
    matches!(
        line.codes.first(),
        Some((_, Inline::Open(code))) if matches!(&code.kind, CodeKind::Link(address) if enlarges(address))
    ) && super::is_image(line)
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect()
}
