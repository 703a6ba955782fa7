//! Web pages: all that may be the article's is kept in its order, all else is named.

use duizhao::clean::CleanOptions;
use duizhao::ingest::IngestOptions;
use duizhao::model::CleanDocument;
use duizhao::pipeline::source::clean_bytes;

use super::{articles, chinese};

const L1: &str = "山村小学今天来了三位新老师，孩子们早早等在门口。";
const L2: &str = "校长周明说，学校从此有了音乐课，也有了美术课。";
const L3: &str = "傍晚的操场上，孩子们围着老师，唱起了新学的歌。";

fn cleaned(page: &str) -> CleanDocument {
    let (reading, cleaning) = (IngestOptions::default(), CleanOptions::new(chinese()));
    clean_bytes("a.html", page.into(), &reading, &cleaning).unwrap()
}

/// The texts of a page.
fn texts(page: &str) -> Vec<String> {
    let passages = cleaned(page).passages;
    passages.into_iter().map(|passage| passage.text).collect()
}

/// What the repairs of a page say was left out of it.
fn left_out(page: &str) -> Vec<String> {
    let passages = cleaned(page).passages;
    let repairs = passages.iter().flat_map(|passage| passage.repairs.iter());
    repairs
        .filter(|repair| repair.rule == "page.furniture")
        .map(|repair| repair.before.trim().to_owned())
        .collect()
}

#[test]
fn what_follows_or_precedes_the_running_text_is_kept() {
    let cases: [(String, &[&str]); 14] = [
        (
            format!("<h1>古桥</h1><p>{L1}</p><ul><li>开放时间六点</li></ul>"),
            &["古桥", L1, "开放时间六点"],
        ),
        (
            format!("<h1>古桥</h1><p>{L1}</p><table><tr><td>六点</td><td>开门</td></tr></table>"),
            &["古桥", L1, "六点", "开门"],
        ),
        (
            format!("<h1>古桥</h1><p>{L1}</p><dl><dt>桥长<dd>五十米</dl>"),
            &["古桥", L1, "桥长", "五十米"],
        ),
        (
            format!("<h1>古桥</h1><p>{L1}</p><blockquote>引一句话。</blockquote>"),
            &["古桥", L1, "引一句话。"],
        ),
        (
            format!("<h1>古桥</h1><p>{L1}</p><figure><figcaption>桥的远景</figcaption></figure>"),
            &["古桥", L1, "桥的远景"],
        ),
        (
            format!("<h1>夜市</h1><p>{L1}</p><p>{L2}</p><div>{L3}</div>"),
            &["夜市", L1, L2, L3],
        ),
        (
            format!(
                "<h1>夜市</h1><p>{L1}</p><p>{L2}</p><section><h2>背景</h2><div>{L3}</div></section>"
            ),
            &["夜市", L1, L2, "背景", L3],
        ),
        (
            format!(
                "<h1>夜市</h1><div class='article'><p>{L1}</p><p>{L2}</p></div><p>编后：夜市很好。</p>"
            ),
            &["夜市", L1, L2, "编后：夜市很好。"],
        ),
        (
            format!("<h1>夜市</h1><div>{L1}</div><p>{L2}</p>"),
            &["夜市", L1, L2],
        ),
        (
            "<h1>古桥</h1><div>第一段讲的是桥。</div><div>第二段讲的是人。</div>".into(),
            &["古桥", "第一段讲的是桥。", "第二段讲的是人。"],
        ),
        (
            format!("<div>{L1}</div>后面的裸文本也是正文。"),
            &[L1, "后面的裸文本也是正文。"],
        ),
        (
            format!("<h1>夜市</h1><article><p>{L1}</p></article>"),
            &["夜市", L1],
        ),
        (
            format!("<h1>夜市</h1><main><p>{L1}</p></main>"),
            &["夜市", L1],
        ),
        (
            format!("<form><h1>夜市</h1><aside class=comment><p>{L1}</p></aside></form>"),
            &["夜市", L1],
        ),
    ];
    for (page, wanted) in cases {
        assert_eq!(texts(&page), wanted, "{page}");
        assert!(left_out(&page).is_empty(), "{page}");
    }
}

const NEWS: &str = "<!DOCTYPE html><html><head><title>青石村来了新老师_青石新闻网</title></head><body>
<header class=\"site-header\"><a href=\"/\">青石新闻网</a> <a href=\"/edu\">教育</a></header>
<nav><ul><li><a href=\"/a\">首页</a></li><li><a href=\"/b\">要闻</a></li></ul></nav>
<div class=\"breadcrumb\"><a href=\"/\">首页</a> &gt; <a href=\"/edu\">教育</a> &gt; 正文</div>
<div class=\"wrap\"><div class=\"left\">
<h1>青石村来了新老师</h1>
<div class=\"info\"><span>2021-09-01</span> <span>来源：青石日报</span></div>
<div id=\"content\"><p>　　山村小学今天来了三位新老师，孩子们早早等在门口。</p>
<p>　　详情见<a href=\"/c\">《三位新老师的名单》</a></p>
<table><tr><th>姓名</th><th>科目</th></tr><tr><td><a href=\"/zhou\">周明</a></td><td>音乐</td></tr></table>
<ul><li>开学时间：九月一日</li><li>报名电话：12345</li></ul>
<div class=\"related\"><h3>相关阅读</h3><ul><li><a href=\"/d\">山路通了车</a></li><li><a href=\"/e\">操场翻了新</a></li></ul></div>
<p>　　傍晚的操场上，孩子们围着老师，唱起了新学的歌。</p></div>
<p>（责任编辑：何军）</p>
<div class=\"share\">分享到：<a href=\"#\">微博</a><button>复制</button></div>
<div id=\"comments\"><p>网友一说，这三位老师真好，向他们致敬，希望他们留下来。</p></div>
</div><div class=\"right\"><h2>热门</h2><ul><li><a href=\"/f\">新桥开通</a></li><li><a href=\"/g\">旧屋修好</a></li></ul></div></div>
<p>上一篇：<a href=\"/x\">河水清了</a></p><div><p>【延伸阅读】</p><p><a href=\"/y\">桥</a></p></div>
<iframe><p>备用</p></iframe><table><tr><td><a href=\"/z\">国内</a> | <a href=\"/w\">国际</a></td></tr></table>
<footer><a href=\"/about\">关于我们</a><p>版权所有，不得转载，违者必究。青ICP备0000号</p></footer></body></html>";

#[test]
fn a_news_page_gives_its_article_and_names_the_rest() {
    assert_eq!(
        texts(NEWS),
        [
            "青石村来了新老师",
            "2021-09-01 来源：青石日报",
            L1,
            "详情见《三位新老师的名单》",
            "姓名",
            "科目",
            "周明",
            "音乐",
            "开学时间：九月一日",
            "报名电话：12345",
            L3,
            "（责任编辑：何军）",
        ]
    );
    assert_eq!(
        left_out(NEWS),
        [
            "青石新闻网 教育\n首页\n要闻\n首页 > 教育 > 正文",
            "相关阅读\n山路通了车\n操场翻了新",
            "分享到：微博\n复制\n网友一说，这三位老师真好，向他们致敬，希望他们留下来。\n热门\n新桥开通\n旧屋修好\n上一篇：河水清了\n【延伸阅读】\n桥\n<p>备用</p>\n国内 | 国际\n关于我们\n版权所有，不得转载，违者必究。青ICP备0000号",
        ]
    );
    // What is named is given back in its place.
    let restored: Vec<String> = (cleaned(NEWS).passages.iter())
        .map(duizhao::model::Passage::restore)
        .collect();
    let restored = restored.join("\n");
    let at = |text: &str| restored.find(text).unwrap();
    assert!(at("首页") < at("2021-09-01") && at("12345") < at("相关阅读"));
    assert!(at("操场翻了新") < at("傍晚的操场"), "{restored}");
    assert_eq!(articles("a.html", NEWS.as_bytes()).len(), 1);
}

#[test]
fn no_name_of_a_class_takes_the_article_away() {
    for name in ["comment", "nav-page", "sidebar ads", "related"] {
        let page = format!("<body class=nav><div class=\"{name}\"><h1>夜市</h1><p>{L1}</p></div>");
        assert_eq!(texts(&page), ["夜市", L1], "{name}");
        // An element that nobody closed does not swallow what follows.
        let page =
            format!("<div class=\"{name}\"><a href=/>首页</a><h1>夜市</h1><p>{L1}</p><p>{L2}");
        assert_eq!(texts(&page)[..].last().unwrap(), L2, "{name}");
    }
    let page = format!("<h1>夜市</h1><p class=share>转发<p>{L1}<p>{L2}");
    assert_eq!(texts(&page), ["夜市", L1, L2]);
    let page = format!("<h1>夜市</h1><button>顶<p>{L1}</p><p>{L2}</p>");
    assert_eq!(texts(&page), ["夜市", L1, L2]);
}

#[test]
fn several_articles_of_a_page_begin_where_they_do() {
    let page = format!(
        "<h2>今日要闻</h2><article><h1>甲</h1><p>{L1}</p></article><article><h1>乙</h1><p>{L2}</p></article>"
    );
    let titles: Vec<String> = articles("a.html", page.as_bytes())
        .iter()
        .map(duizhao::model::Article::title)
        .collect();
    assert_eq!(titles.last().unwrap(), "乙");
}

#[test]
fn readings_of_characters_stand_in_brackets() {
    let page = "<p><ruby>衢<rp>(</rp><rt>qú</rt><rp>)</rp></ruby><ruby><rb>州</rb><rt>zhōu</rt></ruby>在江边，<ruby>江<rt>jiāng</rt>水<rt>shuǐ</rt></ruby>。</p>";
    assert_eq!(texts(page), ["衢州（qú zhōu）在江边，江水（jiāng shuǐ）。"]);
}
