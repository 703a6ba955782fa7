//! What cleaning mends in damaged text, what it leaves alone, and what a person decides.

use duizhao::clean::{CleanOptions, Decisions, Policy, clean};
use duizhao::model::{CodeKind, Inline, NoteKind};

use super::{articles, blocks, chinese, cleaned, read, sentences};

fn texts(text: &str) -> Vec<String> {
    cleaned(text, Policy::Safe)
        .passages
        .into_iter()
        .map(|passage| passage.text)
        .collect()
}

/// Prints a text in a column of `width` characters whose line ends became blanks.
fn in_column(text: &str, width: usize) -> String {
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunks(width)
        .map(|line| line.iter().collect::<String>())
        .collect::<Vec<_>>()
        .join(" ")
}

const LONG: &str = "今年春天,河口镇的茶农陈大山家里第一次装上了自动炒茶机。机器每小时可以炒制鲜叶120公斤,比手工快了8倍,全镇已有56户人家用上了这种设备。";

#[test]
fn blanks_at_the_ends_of_printed_lines_go() {
    let whole = texts(LONG);
    for width in [14, 17, 18, 22, 26] {
        let damaged = in_column(LONG, width);
        assert_eq!(texts(&damaged), whole, "{width}");
    }
}

#[test]
fn blanks_that_mean_something_stay() {
    for text in [
        "茶香满山 路通万家",
        "河口日报记者 陈小雨 李明 报道",
        "他用 Python 和 Rust 写了这个程序。",
        "The price rose by 3.5 percent.",
        "茶园、竹海、梯田…… 4月5日，茶节开幕。",
        "新华社河口4月5日电 （记者陈小雨 通讯员李明）茶节今天开幕。",
    ] {
        assert_eq!(texts(text), [text], "{text}");
    }
}

#[test]
fn a_name_is_one_word_in_a_byline() {
    let text = "茶香满山路通万家\n\n茶节今天开幕。\n\n河口日报记者 陈小雨 王 伟 报道\n\n竹海深处又闻歌声\n\n歌会今天举行。\n\n河口日报记者 李铭 陈小 雨 报道";
    let clean = texts(text);
    assert_eq!(clean[2], "河口日报记者 陈小雨 王伟 报道");
    assert_eq!(clean[5], "河口日报记者 李铭 陈小雨 报道");
}

#[test]
fn lines_are_joined_where_a_word_or_a_quotation_goes_on() {
    let text = "茶农的新机器\n\n镇里对这些项目实行责任\n\n制,每月检查一次。\n\n陈大山说:\"有了机器,我们一家人再也不用熬夜,可以'睡个好觉\n\n',明年还想再买一台。\"他笑了。";
    assert_eq!(
        texts(text),
        [
            "茶农的新机器",
            "镇里对这些项目实行责任制，每月检查一次。",
            "陈大山说：“有了机器，我们一家人再也不用熬夜，可以‘睡个好觉’，明年还想再买一台。”他笑了。",
        ]
    );
}

#[test]
fn lines_are_not_joined_where_a_new_thought_begins() {
    let text = "茶农的新机器\n\n在镇政府的支持下,茶叶合作社与三家食品公司签订了长期的供货合同,成为远近闻名的杰\n\n目前,合作社有社员二百多人。\n\n产业兴旺,日子红火\n\n\"我们不愁销路。\"陈大山说。";
    assert_eq!(texts(text).len(), 5);
}

#[test]
fn a_hard_wrapped_text_becomes_paragraphs() {
    let text = "　　今年春天，河口镇的茶农陈大\n山家里第一次装上了自动炒茶机。\n机器每小时可以炒制鲜叶一百多公\n斤，比手工快了八倍。\n　　镇里已有五十六户人家用上了\n这种设备，明年还要再增加三十户\n人家，覆盖全部村庄。\n";
    assert_eq!(
        texts(text),
        [
            "今年春天，河口镇的茶农陈大山家里第一次装上了自动炒茶机。机器每小时可以炒制鲜叶一百多公斤，比手工快了八倍。",
            "镇里已有五十六户人家用上了这种设备，明年还要再增加三十户人家，覆盖全部村庄。",
        ]
    );
}

/// Prints in lines of sixteen characters, the line at `index` twice.
fn printed_twice(text: &str, index: usize, end: &str, at_break: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut printed = String::new();
    for (i, line) in chars.chunks(16).enumerate() {
        let line: String = line.iter().collect();
        printed.push_str(&line);
        if i == index {
            printed.push_str(at_break);
            printed.push_str(&line);
        }
        printed.push_str(end);
    }
    printed.trim_end().to_owned()
}

#[test]
fn a_printed_line_that_was_read_twice_goes() {
    let text = "今年春天，河口镇的茶农陈大山家里第一次装上了自动炒茶机。机器每小时可以炒制鲜叶一百多公斤，比手工快了八倍。镇里已有五十六户人家用上了这种设备，明年还要再增加三十户人家，覆盖全部村庄。";
    for (end, at_break) in [("\n", "\n"), ("\n", "\n\n"), (" ", " "), (" ", "\n\n")] {
        for index in 1..5 {
            let damaged = printed_twice(text, index, end, at_break);
            let clean = cleaned(&format!("茶农的新机器\n\n{damaged}"), Policy::Safe);
            let texts: Vec<&str> = clean.passages.iter().map(|p| p.text.as_str()).collect();
            assert_eq!(texts, ["茶农的新机器", text], "{damaged}");
            assert_eq!(clean.passages[1].restore(), damaged);
            let rules: Vec<&str> = clean.passages[1].repairs.iter().map(|r| r.rule).collect();
            assert_eq!(
                rules
                    .iter()
                    .filter(|rule| **rule == "line.repeated")
                    .count(),
                1
            );
        }
    }
}

#[test]
fn a_line_that_may_stand_twice_is_only_doubted() {
    // Whole sentences, and a line that reads on in itself as well as in what follows.
    for text in [
        "山里的孩子们都爱唱这一支歌。\n山里的孩子们都爱唱这一支歌。\n歌声飞过了高高的山岗和田野。\n歌声里有他们自己种下的春天。\n",
        "一年又一年一村又一村一山又一\n一年又一年一村又一村一山又一\n山他们走遍了全县的每一个村庄\n才把那些老人的故事都记录下来。\n",
    ] {
        let clean = cleaned(text, Policy::Safe);
        let has = |rule: &str| {
            let mut repairs = clean.passages.iter().flat_map(|p| p.repairs.iter());
            repairs.any(|repair| repair.rule == rule)
        };
        assert!(!has("line.repeated"), "{text}");
    }
    let damaged = printed_twice(
        "今年春天，河口镇的茶农陈大山家里第一次装上了自动炒茶机。机器每小时可以炒制鲜叶一百多公斤，比手工快了八倍。",
        1,
        "\n",
        "\n",
    );
    let kept = decided(
        &damaged,
        "[[decision]]\nline = 3\nrule = \"line.repeated\"\naction = \"reject\"\n",
    );
    assert!(
        kept.passages
            .iter()
            .any(|p| p.text.contains("装上了自动炒茶机。机农陈大山")
                || p.suspects.iter().any(|s| s.rule == "line.doubled"))
    );
}

#[test]
fn paragraphs_that_ran_together_are_split() {
    let first = "河口镇今年春天新建茶园三百亩,带动了两百多户农民增加收入,户均增收五千多元。";
    let second = "镇里还办起了茶叶加工厂,厂里有工人八十多名,大多数是附近村里的妇女和返乡的青年。";
    let text = format!("{} {}", in_column(first, 18), in_column(second, 18));
    assert_eq!(texts(&text).len(), 2);
    let indented = format!("{first}　　{second}");
    assert_eq!(texts(&indented).len(), 2);
}

#[test]
fn marks_become_full_width_in_chinese_only() {
    for (damaged, clean) in [
        ("他说:\"好,明天(周五)见!\"", "他说：“好，明天（周五）见！”"),
        (
            "总价3.5万元,时间10:30,比例1:2。",
            "总价3.5万元，时间10:30，比例1:2。",
        ),
        (
            "落实\"1+11\"政策,增长25.96%,共8,792万元。",
            "落实“1+11”政策，增长25.96%，共8,792万元。",
        ),
        (
            "编号AB-12(C),见example.com/a,b。",
            "编号AB-12(C)，见example.com/a,b。",
        ),
        ("It's \"good\", he said.", "It's \"good\", he said."),
        ("--全面推进各项工作。", "——全面推进各项工作。"),
        ("他想了想...没有说话。", "他想了想……没有说话。"),
        (
            "坚持'走出去''请进来',效果很好。",
            "坚持‘走出去’‘请进来’，效果很好。",
        ),
        ("\"这'两不愁'很重要。\"他说。", "“这‘两不愁’很重要。”他说。"),
        (
            "他说:\"要抓好\"三件事\"这个重点。\"",
            "他说：“要抓好“三件事”这个重点。”",
        ),
        ("”要干就干好。“他说。", "“要干就干好。”他说。"),
    ] {
        assert_eq!(texts(damaged), [clean], "{damaged}");
    }
    let all = cleaned("他说:\"要抓好\"三件事\"这个重点。\"", Policy::All);
    assert_eq!(all.passages[0].text, "他说：“要抓好‘三件事’这个重点。”");
}

#[test]
fn bold_marks_become_codes() {
    let found = articles("a.txt", "县委书记谈**解放思想**的做法。".as_bytes());
    let inlines = found[0].blocks[0].segments[0].source.inlines();
    assert_eq!(found[0].blocks[0].text(), "县委书记谈解放思想的做法。");
    assert!(matches!(&inlines[1], Inline::Open(code) if code.kind == CodeKind::Bold));
    assert!(matches!(&inlines[3], Inline::Close(_)));
}

#[test]
fn policy_none_changes_nothing() {
    let text = "他说:\"好 的\"\n\n--再见";
    let passages = cleaned(text, Policy::None).passages;
    let kept: Vec<&str> = passages
        .iter()
        .map(|passage| passage.text.as_str())
        .collect();
    assert_eq!(kept, ["他说:\"好 的\"", "--再见"]);
    assert!(
        passages
            .iter()
            .all(|p| p.repairs.is_empty() && p.suspects.is_empty())
    );
}

#[test]
fn traditional_text_is_cleaned_and_not_doubted_for_its_script() {
    let text = "茶農的新機器\n\n\"今年的茶葉賣得很好。\"陳大山說,他家的收入增加了三成。";
    let found = articles("a.txt", text.as_bytes());
    assert_eq!(
        found[0].blocks[1].text(),
        "“今年的茶葉賣得很好。”陳大山說，他家的收入增加了三成。"
    );
    assert!(
        found[0]
            .blocks
            .iter()
            .all(|block| block.suspects.is_empty())
    );
}

#[test]
fn look_alikes_are_doubted_and_never_changed() {
    let text = "镇里把这个项目纳人规划,今年还要投入二百万元。\n\n这里的项目由三家公司投人运营。村里的青龍茶馆也开张了。";
    let found = articles("a.txt", text.as_bytes());
    let all: String = found[0]
        .blocks
        .iter()
        .map(duizhao::model::Block::text)
        .collect();
    assert!(all.contains("纳人规划") && all.contains("投人运营") && all.contains("青龍"));
    let suspects: Vec<(&str, Option<&str>)> = found[0]
        .blocks
        .iter()
        .flat_map(|block| &block.suspects)
        .map(|suspect| (suspect.as_read.as_str(), suspect.suggestion.as_deref()))
        .collect();
    assert_eq!(
        suspects,
        [
            ("纳人", Some("纳入")),
            ("投人", Some("投入")),
            ("龍", Some("龙"))
        ]
    );
    let notes: Vec<_> = found[0]
        .segments()
        .flat_map(|segment| &segment.notes)
        .collect();
    assert_eq!(notes.len(), 3);
    assert!(notes.iter().all(|note| note.kind == NoteKind::Suspect));
}

#[test]
fn words_that_only_look_wrong_are_left_alone() {
    for text in [
        "公司的重组人白蛋白项目进展顺利。",
        "派遣联络员158人，走访企业200余次。",
        "开展“百人助百企”活动，打造“万众益心”志愿品牌。",
        "他们一家五口人入住新房，日子越过越好。",
        "未来几年，周末去郊外的人会更多。",
    ] {
        let found = articles("a.txt", text.as_bytes());
        let suspects = &found[0].blocks[0].suspects;
        assert!(suspects.is_empty(), "{text}: {suspects:?}");
    }
}

#[test]
fn other_doubts_are_raised() {
    for (text, rule) in [
        (
            "实行集中办、加速办、-厅办的办法，群众都说好。",
            "ocr.hyphen",
        ),
        (
            "亿元以上项目36个，前0亿元以上项目4个。",
            "number.leading-zero",
        ),
        ("全市共有企业1O2家，其中新办的有9家。", "number.letter"),
        (
            "结合新的要求。减税降费、简化手续等方面都有进步。",
            "ocr.stop",
        ),
        ("县城东、西、北四个进出口都已经修好。", "number.count"),
        (
            "罗山旅游度假区综合开发、石桥逸景康养漂流旅游度假区综合开发、石桥逸景康养漂流旅游小镇已经开工。",
            "line.doubled",
        ),
        (
            "在镇政府的支持下，茶叶合作社与三家食品公司签订了长期的供货合同，合作社的社员都说今年的收入比去年增加了三成",
            "punctuation.lost-stop",
        ),
    ] {
        let found = articles("a.txt", text.as_bytes());
        let rules: Vec<&str> = found[0].blocks[0]
            .suspects
            .iter()
            .map(|s| s.rule.as_str())
            .collect();
        assert!(rules.contains(&rule), "{text}: {rules:?}");
    }
}

fn decided(text: &str, decisions: &str) -> duizhao::model::CleanDocument {
    let mut options = CleanOptions::new(chinese());
    options.decisions = Decisions::parse("a.txt.repairs.toml", decisions).unwrap();
    clean(read("a.txt", text.as_bytes()), &options)
}

#[test]
fn a_decision_accepts_rejects_or_rewrites() {
    let text = "茶乡新事\n\n镇里把项目纳人规划,茶 农都说好。两员人企开展服务。";
    let decisions = "[[decision]]\nline = 3\nas_read = \"纳人\"\naction = \"accept\"\n\n[[decision]]\nline = 3\nas_read = \"人企\"\naction = \"rewrite\"\ntext = \"入企业\"\n\n[[decision]]\nline = 9\nas_read = \"甲\"\naction = \"reject\"\n";
    let clean = decided(text, decisions);
    let passage = &clean.passages[1];
    assert_eq!(
        passage.text,
        "镇里把项目纳入规划，茶农都说好。两员入企业开展服务。"
    );
    assert_eq!(passage.restore(), text.lines().nth(2).unwrap());
    assert!(passage.suspects.is_empty());
    assert_eq!(
        clean.stale_decisions.len(),
        1,
        "{:?}",
        clean.stale_decisions
    );

    let rejected = decided(
        text,
        "[[decision]]\nline = 3\nas_read = \"纳人\"\naction = \"reject\"\n",
    );
    assert!(rejected.passages[1].text.contains("纳人规划"));
    assert!(rejected.passages[1].suspects.is_empty());
}

#[test]
fn a_decision_keeps_what_a_repair_would_change() {
    let text = "镇里对项目实行责任\n\n制,每月检查。";
    assert_eq!(decided(text, "").passages.len(), 1);
    let kept = decided(
        text,
        "[[decision]]\nline = 1\nrule = \"line.join\"\naction = \"reject\"\n",
    );
    assert_eq!(kept.passages.len(), 2);
    let comma = decided(
        text,
        "[[decision]]\nline = 3\nrule = \"punctuation.width\"\naction = \"reject\"\n",
    );
    assert!(comma.passages[0].text.contains(','));
}

#[test]
fn decisions_that_say_too_little_are_refused() {
    for text in [
        "[[decision]]\nline = 1\naction = \"accept\"\n",
        "[[decision]]\nline = 1\nas_read = \"x\"\naction = \"rewrite\"\n",
        "[[decision]]\nline = 1\naction = \"reject\"\n",
        "[[decision]]\nline = 1\nas_read = \"x\"\naction = \"maybe\"\n",
        "[[decision]]\nline = 1\nas_red = \"x\"\naction = \"accept\"\n",
    ] {
        let error = Decisions::parse("a.txt.repairs.toml", text).unwrap_err();
        assert!(
            error.to_string().starts_with("a.txt.repairs.toml"),
            "{error}"
        );
    }
}

#[test]
fn articles_are_told_apart_and_their_parts_named() {
    let text = "茶香满山:小茶叶做成大产业 富了一方人\n\n新时代新山乡\n\n——走基层看变化\n\n今年春天,茶叶丰收。\n\n一片叶子的故事\n\n——第一件事。修好了路。\n\n/河口日报记者 陈小雨 李铭 报道\n\n竹海歌声:老歌唱出新生活\n\n歌会今天举行。\n\n/河口日报记者 王小川 报道";
    let found = articles("a.txt", text.as_bytes());
    assert_eq!(found.len(), 2);
    let kinds: Vec<Vec<&str>> = found
        .iter()
        .map(|article| {
            article
                .blocks
                .iter()
                .map(|block| block.kind.name())
                .collect()
        })
        .collect();
    assert_eq!(
        kinds,
        [
            vec![
                "title",
                "kicker",
                "standfirst",
                "paragraph",
                "heading",
                "list_item",
                "byline"
            ],
            vec!["title", "paragraph", "byline"],
        ]
    );
    assert_eq!(found[0].meta.authors, ["陈小雨", "李铭"]);
    assert_eq!(found[1].meta.outlet.as_deref(), Some("河口日报"));
    assert_eq!(blocks(&found).len(), 10);
}

#[test]
fn bylines_and_datelines_say_who_and_when() {
    let article = |line: &str, text: &str| {
        let text = format!("茶香满山小茶叶做成大产业\n\n{line}\n\n{text}\n\n茶农都说好。\n");
        articles("a.txt", text.as_bytes()).remove(0)
    };
    for (line, authors) in [
        ("新华社记者刘芳、赵一", vec!["刘芳", "赵一"]),
        ("本报记者刘芳 通讯员赵一", vec!["刘芳", "赵一"]),
        ("刘芳 赵小一", vec!["刘芳", "赵小一"]),
        ("刘　芳", vec!["刘芳"]),
        ("刘芳、赵一", vec!["刘芳", "赵一"]),
    ] {
        let found = article(line, "今年春天，茶叶丰收。");
        assert_eq!(found.blocks[1].kind.name(), "byline", "{line}");
        assert_eq!(found.meta.authors, authors, "{line}");
    }
    for line in ["女记者勇闯火场", "高山流水 白云人家", "金融 房产 文化"] {
        let found = article(line, "今年春天，茶叶丰收。");
        assert_ne!(found.blocks[1].kind.name(), "byline", "{line}");
    }
    let dated = |line: &str, text: &str| article(line, text).meta.date;
    let dateline = "新华社河口4月5日电（记者刘芳）今年春天，茶叶丰收。";
    assert_eq!(dated("茶乡", dateline), None);
    assert_eq!(
        dated("2021-04-06 来源：河口日报", dateline).as_deref(),
        Some("2021-04-05")
    );
    assert_eq!(
        dated("茶乡", "新华社河口2021年4月5日电 今年春天，茶叶丰收。").as_deref(),
        Some("2021-04-05")
    );
    assert_eq!(
        dated("2021-04-06 来源：河口日报", "今年春天，茶叶丰收。").as_deref(),
        Some("2021-04-06")
    );
}

#[test]
fn sentences_keep_their_quotes_and_who_spoke() {
    let text = "“茶卖得好。”陈大山说，今年收入增加了。“销路怎么样？”“不愁！”“那就好。”在村口，几位老人聊了起来。他问：“真的吗？”大家都笑了。王主任介绍，“第一步是修路。第二步是种茶。”随后，记者来到茶园。对“怎么办？”这个问题，他想了很久……";
    assert_eq!(
        sentences(&articles("a.txt", text.as_bytes())),
        [
            "“茶卖得好。”陈大山说，今年收入增加了。",
            "“销路怎么样？”",
            "“不愁！”",
            "“那就好。”",
            "在村口，几位老人聊了起来。",
            "他问：“真的吗？”",
            "大家都笑了。",
            "王主任介绍，“第一步是修路。",
            "第二步是种茶。”",
            "随后，记者来到茶园。",
            "对“怎么办？”这个问题，他想了很久……",
        ]
    );
}

#[test]
fn quotes_that_do_not_pair_are_left_alone() {
    for text in [
        "“十四五’期间，我省将加快建设。",
        "身高5’10”的他走了过来。",
        "“身高5’10”的他”走了过来。",
        "“十四五’期间，各地办好‘民生”工程。",
        "会场长30’，宽20’。",
    ] {
        assert_eq!(texts(text), [text], "{text}");
    }
    let clean = cleaned("“十四五’期间，我省将加快建设。", Policy::Safe);
    let suspects = &clean.passages[0].suspects;
    let suspect = suspects
        .iter()
        .find(|s| s.rule == "punctuation.quote-pair")
        .unwrap();
    assert_eq!(suspect.as_read, "’");
    assert_eq!(suspect.suggestion.as_deref(), Some("”"));
    // Speech that goes on in the next paragraph is only opened in this one.
    let speech = texts("他说:\"今年\"三农\"工作很好。");
    assert_eq!(speech, ["他说：“今年\"三农\"工作很好。"]);
}

#[test]
fn letters_in_the_place_of_digits_are_suspected() {
    let suspects = |text: &str| -> Vec<(String, String)> {
        let clean = cleaned(text, Policy::Safe);
        clean
            .passages
            .iter()
            .flat_map(|passage| &passage.suspects)
            .filter(|suspect| suspect.rule == "number.letter")
            .map(|s| (s.as_read.clone(), s.suggestion.clone().unwrap_or_default()))
            .collect()
    };
    for (text, read, meant) in [
        ("l0座水库", "l0", "10"),
        ("全镇用水取自l0座水库。", "l0", "10"),
        ("8月l5日起供水。", "l5", "15"),
        ("总投资l26.5亿元。", "l26.5", "126.5"),
        ("共有I5人到场。", "I5", "15"),
        ("同比增长O.5%。", "O.5", "0.5"),
        ("ll月开工。", "ll", "11"),
        ("长l5公里。", "l5", "15"),
    ] {
        assert_eq!(
            suspects(text),
            [(read.to_owned(), meant.to_owned())],
            "{text}"
        );
    }
    for text in [
        "他买了iPhone15一部。",
        "卫星停在L5点附近。",
        "O型血库存不足。",
        "I级响应已经启动。",
        "II期工程开工。",
        "一根l形钢管。",
        "空气中O3日最大8小时平均浓度下降。",
        "一台I5台式电脑。",
        "Core I5人手一台。",
        "IO个性化设置。",
        "长5 l米酒。",
    ] {
        assert_eq!(suspects(text), [], "{text}");
    }
}

#[test]
fn the_links_of_a_web_page_stay_lines() {
    let text = "茶香满山路通万家\n\n茶节今天开幕，来了很多人。\n打印 | 关闭 | 分享到：微博 微信\n上一篇：无\n下一篇：竹海深处又闻歌声\n";
    let found = articles("a.txt", text.as_bytes());
    assert_eq!(
        blocks(&found)[2..],
        [
            ("note", "打印 | 关闭 | 分享到：微博 微信".to_owned()),
            ("note", "上一篇：无".to_owned()),
            ("note", "下一篇：竹海深处又闻歌声".to_owned()),
        ]
    );
}

#[test]
fn a_number_that_was_cut_at_its_point_is_joined() {
    assert_eq!(
        texts("榜单显示，该企业品牌价值1429.\n44亿元，居全省第一位。"),
        ["榜单显示，该企业品牌价值1429.44亿元，居全省第一位。"]
    );
    // A full stop and a new paragraph, or an item.
    for apart in ["共有企业12.\n2022年再建三家。", "增长1.2.\n3万人受益。"] {
        assert_eq!(texts(apart).len(), 2, "{apart}");
    }
}

#[test]
fn a_quantity_on_the_next_line_is_no_reason_for_a_stop() {
    let text = "河口镇今年春天新修了三条水渠，加固了五座旧水库，又整治了全镇所有的山塘和小河，明年计划改善灌溉面积\n120万亩。";
    let clean = cleaned(text, Policy::Safe);
    let suspects: Vec<_> = clean.passages.iter().flat_map(|p| &p.suspects).collect();
    assert!(
        suspects
            .iter()
            .all(|suspect| suspect.rule != "punctuation.lost-stop"),
        "{suspects:?}"
    );
}

#[test]
fn marks_beside_figures_and_latin_become_full_width_in_chinese() {
    for (damaged, clean) in [
        (
            "GDP(国内生产总值)增长3.5%,CPI(2023年)为1.2.",
            "GDP（国内生产总值）增长3.5%，CPI（2023年）为1.2。",
        ),
        ("全镇茶叶产量同比增长8.5%.", "全镇茶叶产量同比增长8.5%。"),
        // May go on in the next paragraph.
        ("该企业的品牌价值为1429.", "该企业的品牌价值为1429."),
        (
            "编号AB-12(C)，利率为3%,5%两档。",
            "编号AB-12(C)，利率为3%,5%两档。",
        ),
        ("Up 3.5%, he said in 河口.", "Up 3.5%, he said in 河口。"),
    ] {
        assert_eq!(texts(damaged), [clean], "{damaged}");
    }
}

#[test]
fn doubled_marks_are_suspected() {
    let clean = cleaned(
        "茶园修了路，，茶农都说好。他想了想。。。走了。",
        Policy::Safe,
    );
    let doubled: Vec<_> = (clean.passages[0].suspects.iter())
        .filter(|suspect| suspect.rule == "punctuation.doubled")
        .map(|suspect| (suspect.as_read.as_str(), suspect.suggestion.as_deref()))
        .collect();
    assert_eq!(doubled, [("，，", Some("，"))]);
}

fn rules(text: &str) -> Vec<String> {
    let clean = cleaned(text, Policy::Safe);
    let repairs = clean.passages.iter().flat_map(|p| p.repairs.iter());
    repairs
        .filter(|repair| repair.rule.starts_with("page."))
        .map(|repair| format!("{} {}", repair.rule, repair.before.trim()))
        .collect()
}

#[test]
fn page_numbers_and_running_heads_are_no_part_of_a_sentence() {
    let text = "修钟铺的灯\n\n清晨六点，老城的修钟铺已经亮起了灯。陈师傅把\n一只旧座钟放在桌上，慢慢拧开后盖。他说：“四\n42\n山城纪事·二〇一八年第四期\n十二年了，我没有一天不怕。怕的不是活儿难，怕\n的是没有人再来学这门手艺。”电话一天要响几十\n· 43 ·\n次，每一次都是问价钱的。\n";
    let clean = cleaned(text, Policy::Safe);
    assert_eq!(clean.passages.len(), 2);
    assert_eq!(
        clean.passages[1].text,
        "清晨六点，老城的修钟铺已经亮起了灯。陈师傅把一只旧座钟放在桌上，慢慢拧开后盖。他说：“四十二年了，我没有一天不怕。怕的不是活儿难，怕的是没有人再来学这门手艺。”电话一天要响几十次，每一次都是问价钱的。"
    );
    let lines: Vec<&str> = text.trim_end().lines().skip(2).collect();
    assert_eq!(clean.passages[1].restore(), lines.join("\n"));
    assert_eq!(
        rules(text),
        [
            "page.number 42",
            "page.head 山城纪事·二〇一八年第四期",
            "page.number · 43 ·"
        ]
    );
    // Blank lines around it, and what recurs although no sentence goes on across it.
    let text = "- 7 -\n\n山城纪事\n\n修钟铺的灯\n\n清晨六点，修钟铺亮起了灯。\n\n- 8 -\n\n他把座钟放在桌上，慢慢拧开后盖，电话一天要响几\n\n山城纪事\n\n十次，都是问价钱的。\n\n后来他老了。\n\n- 9 -\n";
    assert_eq!(
        texts(text),
        [
            "修钟铺的灯",
            "清晨六点，修钟铺亮起了灯。",
            "他把座钟放在桌上，慢慢拧开后盖，电话一天要响几十次，都是问价钱的。",
            "后来他老了。"
        ]
    );
    assert_eq!(
        texts("山城图书馆\n\n图书馆位于解放路一百二十号，全年\n\n12\n\n开放，凭身份证即可入内。\n"),
        [
            "山城图书馆",
            "图书馆位于解放路一百二十号，全年开放，凭身份证即可入内。"
        ]
    );
}

#[test]
fn a_number_that_is_content_stays() {
    for text in [
        "往事\n\n1978\n\n那一年冬天很冷，村里的人都记得。\n\n1979\n\n后来路修通了，日子好起来了。\n\n1980\n\n再后来他走了。\n",
        "1\n\n山里的冬天很冷，村里的人都记得。\n\n2\n\n后来路修通了。\n",
        "全县的小学\n\n全县的山区和平原地带现在一共有小学\n\n12\n\n所，老师三百人。\n",
        "团结歌\n\n团结就是力量\n\n我们走在大路上，歌声嘹亮。\n\n团结就是力量\n\n大家一起向前走。\n",
    ] {
        assert_eq!(rules(text), [""; 0], "{text}");
    }
    let clean = cleaned(
        "往事\n\n村里的人都记得。\n\n— 12 —\n\n后来路修通了。\n",
        Policy::Safe,
    );
    let suspects: Vec<_> = clean.passages.iter().flat_map(|p| &p.suspects).collect();
    assert_eq!(suspects[0].rule, "page.number");
    let kept = decided(
        "山城图书馆\n\n图书馆位于解放路一百二十号，全年\n\n12\n\n开放。\n",
        "[[decision]]\nline = 5\nrule = \"page.number\"\naction = \"reject\"\n",
    );
    assert!(kept.passages.iter().any(|p| p.text.contains("12")));
}

#[test]
fn the_headline_is_told_from_what_stands_around_it() {
    let parts = |text: &str| -> Vec<(&'static str, String)> {
        let found = articles("a.txt", text.as_bytes());
        assert_eq!(found.len(), 1, "{text}");
        blocks(&found)
    };
    for (text, title) in [
        (
            "山城旧事\n\n山城图书馆位于解放路一百二十号，全年开放读者凭\n身份证即可入内。第二天，人很多，电话一天\n要响几十次。\n",
            "山城旧事",
        ),
        (
            "特别报道\n古桥修缮完工\n——写在平安桥开放之际\n本报记者 李文\n\n平安桥昨天重新开放。\n",
            "古桥修缮完工",
        ),
        ("一版\n古桥完工\n\n平安桥昨天重新开放。\n", "古桥完工"),
        (
            "山城日报 2019年5月3日 第4版\n\n古桥修缮完工\n\n平安桥昨天重新开放。\n",
            "古桥修缮完工",
        ),
        (
            "老人与桥\n\n问：您多大了？\n\n答：我今年八十一岁了。\n",
            "老人与桥",
        ),
        (
            "会议纪要\n\n时间：2019年5月3日\n地点：三楼会议室\n出席：王川、李文、孙立\n\n会议讨论了修桥的事。\n",
            "会议纪要",
        ),
    ] {
        let found = parts(text);
        let titles: Vec<&str> = found
            .iter()
            .filter(|(kind, _)| *kind == "title")
            .map(|(_, text)| text.as_str())
            .collect();
        assert_eq!(titles, [title], "{text}");
    }
    let special = parts("特别报道\n古桥修缮完工\n——写在平安桥开放之际\n\n平安桥昨天重新开放。\n");
    let kinds: Vec<&str> = special.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, ["kicker", "title", "standfirst", "paragraph"]);
    let body = "山城旧事\n\n山城图书馆位于解放路一百二十号，全年开放读者凭\n身份证即可入内。第二天，工作人员都很忙，电话一天\n要响几十次。\n";
    assert_eq!(parts(body).len(), 2);
}

#[test]
fn articles_of_one_file_are_told_apart_by_their_credits() {
    let found = |name: &str, text: &str| -> Vec<(String, Vec<String>)> {
        articles(name, text.as_bytes())
            .iter()
            .map(|article| (article.title(), article.meta.authors.clone()))
            .collect()
    };
    let both = |first: &str, second: &str| {
        [
            ("古桥修缮工程完工".to_owned(), vec![first.to_owned()]),
            ("旧书市场周末开市".to_owned(), vec![second.to_owned()]),
        ]
    };
    let item = |title: &str, author: &str| {
        format!(
            "要闻\n{title}\n2020-06-18 08:02:44 来源：山城日报 作者：{author}\n昨天来了很多人。\n大家都很高兴。\n责任编辑：王川\n"
        )
    };
    let web = item("古桥修缮工程完工", "李文") + "\n" + &item("旧书市场周末开市", "孙立");
    assert_eq!(found("a.txt", &web), both("李文", "孙立"));
    assert_eq!(
        found(
            "a.txt",
            "古桥修缮工程完工\n平安桥昨天重新开放。\n（李文）\n旧书市场周末开市\n市场周六早上开市。\n（孙立）\n"
        ),
        both("李文", "孙立")
    );
    let items = found(
        "a.txt",
        "古桥修缮工程完工\n平安桥昨天重新开放。\n\n旧书市场周末开市\n记者 孙立\n市场周六早上开市。\n",
    );
    assert_eq!(items[1], both("", "孙立")[1]);
    let page = "<html><body><h1>古桥修缮工程完工</h1><p>平安桥昨天重新开放，市民都来了。</p><h1>旧书市场周末开市</h1><p>市场周六早上开市，来了很多人。</p></body></html>";
    assert_eq!(found("a.html", page).len(), 2);
}

#[test]
fn credits_are_no_part_of_the_text() {
    let text = "古桥修缮工程完工\n\n□王川\n\n江城的桥很多，平安桥最老。\n\n图/王川\n\n桥面铺上了新的石板\n\n2020年6月18日 08:02 来源：山城日报\n\n此致\n\n敬礼！\n";
    assert_eq!(texts(text).len(), 8);
    let kinds: Vec<&str> = blocks(&articles("a.txt", text.as_bytes()))
        .iter()
        .map(|(kind, _)| *kind)
        .collect();
    assert_eq!(kinds[1], "byline");
    assert_eq!(kinds[3], "byline");
}

#[test]
fn items_and_provisions_are_not_joined() {
    for lines in [
        vec![
            "古桥保护条例",
            "（一）编制保护规划；",
            "（二）安排保护经费；",
            "（三）组织日常检查。",
        ],
        vec![
            "古桥保护条例",
            "",
            "市人民政府应当编制古桥保护规划；",
            "",
            "区人民政府应当安排古桥保护经费；",
            "",
            "街道办事处应当组织检查。",
        ],
        vec![
            "食堂的故事",
            "",
            "他说：“师傅，能不能多给一点米饭？“",
            "",
            "第三次去的时候，师傅已经认得他了。",
        ],
    ] {
        let paragraphs = lines.iter().filter(|line| !line.is_empty()).count();
        assert_eq!(texts(&lines.join("\n")).len(), paragraphs, "{lines:?}");
    }
}

#[test]
fn the_rows_of_a_table_stay_rows() {
    let rows = "镇名\t户数\t其中：女\n东河镇\t5,213\t9,120\n西河镇\t4,120\t7,411";
    let text = format!("东河县人口\n\n{rows}\n注：数据截至二〇一八年底。\n");
    let found = blocks(&articles("a.txt", text.as_bytes()));
    let kept: Vec<&str> = found[1..4].iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(kept.join("\n"), rows);
    assert!(found[1..4].iter().all(|(kind, _)| *kind == "table"));
    assert_eq!(found[4].1, "注：数据截至二〇一八年底。");
    let aligned =
        "东河县人口\n\n镇名    户数    人口\n东河镇  5,213   18,402\n西河镇  4,120   15,003\n";
    assert_eq!(
        texts(aligned)[1..],
        [
            "镇名\t户数\t人口",
            "东河镇\t5,213\t18,402",
            "西河镇\t4,120\t15,003"
        ]
    );
}

#[test]
fn columns_side_by_side_are_doubted_and_their_gap_stays() {
    let text = "城里和乡下\n\n城里人说乡下慢，　    而城里的快，也有\n人人都不着急。早　    人说不好。车多人\n上起来先看天，再　    多，路上挤得走不\n看地里的庄稼，然　    动。可是年轻人都\n";
    let clean = cleaned(text, Policy::Safe);
    let lines: Vec<&str> = text.lines().skip(2).collect();
    let kept: Vec<&str> = clean.passages[1..]
        .iter()
        .map(|p| p.text.as_str())
        .collect();
    assert_eq!(kept, lines);
    let columns = |p: &duizhao::model::Passage| {
        p.suspects
            .iter()
            .filter(|s| s.rule == "layout.columns")
            .count()
    };
    assert_eq!(clean.passages.iter().map(columns).sum::<usize>(), 1);
    assert_eq!(columns(&clean.passages[1]), 1);
}

#[test]
fn lines_with_a_blank_line_after_each_are_joined() {
    let text = "老街的电话\n\n镇上的邮电所今年春天添了一台\n\n手摇电话，人们都来看热闹，排队\n\n的人从门口一直站到街角的米店前\n\n面。所长说，这台电话可以打到县\n\n里，也可以打到省城去。后来电话\n\n多了，大家都有了自己的电话，也\n\n就不稀罕了，只有所长还记得那时\n\n的热闹。\n";
    assert_eq!(texts(text).len(), 2);
    // Headlines of a list of contents are no column.
    let titles: String = [
        "古桥修缮工程全部完工通车了",
        "旧书市场本周周末开市迎客人",
        "东门夜市昨天晚上重新开张了",
        "山村小学迎来三位年轻新老师",
        "茶农用上全自动的新炒茶机器",
        "水渠修到了山坡上的小村庄里",
        "老街修钟铺的灯又重新亮起来",
    ]
    .join("\n\n");
    assert_eq!(texts(&titles).len(), 7);
}

#[test]
fn words_and_addresses_cut_by_a_line_end_are_whole_again() {
    for (damaged, clean) in [
        (
            "The River\n\nHe learned Eng-\nlish at school and read well-\nknown books. The English teacher was kind, and her well-known garden was open.",
            "He learned English at school and read well-known books. The English teacher was kind, and her well-known garden was open.",
        ),
        (
            "The River\n\nHe read a pre-\nwar book.",
            "He read a pre-war book.",
        ),
        (
            "查询方式\n\n读者可以登录https://www.example.com/archive/\n2019/bridge.html查询。",
            "读者可以登录https://www.example.com/archive/2019/bridge.html查询。",
        ),
        (
            "查询方式\n\n读者可以发邮件到editor@exam\nple.com联系我们。",
            "读者可以发邮件到editor@example.com联系我们。",
        ),
    ] {
        assert_eq!(texts(damaged)[1..], [clean], "{damaged}");
    }
}

#[test]
fn code_and_references_are_left_alone() {
    for text in [
        "先用re.sub(r\"[^\\w]\", \"\", s)去掉标点，再统计字数。",
        "用`a, b = b, a`交换两个数。",
        "[2] 张三. 文本处理[M]. 北京：出版社，2019.",
        "张三. 文本处理[J]. 中文信息学报，2019(3).",
    ] {
        assert_eq!(texts(text), [text], "{text}");
        assert_eq!(sentences(&articles("a.txt", text.as_bytes())), [text]);
    }
    let fenced = "程序\n\n```\nfor x in xs:\nprint(\"完\", x)\n```\n\n以上就是全部。";
    let lines: Vec<&str> = fenced.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(texts(fenced), lines);
}

#[test]
fn blanks_between_digits_and_in_wide_names_go() {
    for (damaged, clean) in [
        (
            "1 9 7 8年1 2月，村里3 6人参加了会议。",
            "1978年12月，村里36人参加了会议。",
        ),
        ("作者：王 小 川", "作者：王小川"),
        ("本报记者 王 川 李小文", "本报记者 王川 李小文"),
        ("作者：王小川 字号：大 中 小", "作者：王小川 字号：大 中 小"),
        (
            "第一条 为保护古桥，制定本条例。",
            "第一条 为保护古桥，制定本条例。",
        ),
        (
            "夜市重新开张  昨日，东门夜市来了很多人。",
            "夜市重新开张  昨日，东门夜市来了很多人。",
        ),
        ("村里3 6人参加了会议。", "村里3 6人参加了会议。"),
    ] {
        assert_eq!(texts(damaged), [clean], "{damaged}");
    }
}

#[test]
fn invisible_characters_go_where_no_script_needs_them() {
    for (damaged, clean) in [
        (
            "平安\u{200b}桥昨天\u{ad}重新\u{7}开放，\u{202e}市民\u{202c}纷纷前来\u{feff}参观。",
            "平安桥昨天重新开放，市民纷纷前来参观。",
        ),
        ("It be\u{ad}gan. It be\u{ad}\ngan.", "It began. It began."),
        (
            "他写了👨\u{200d}👩和\u{200d}这个。",
            "他写了👨\u{200d}👩和这个。",
        ),
        (
            "سلام\u{200c}علیکم \u{200f}ABC\u{200e}.",
            "سلام\u{200c}علیکم \u{200f}ABC\u{200e}.",
        ),
    ] {
        let clean_document = cleaned(damaged, Policy::Safe);
        assert_eq!(clean_document.passages.len(), 1);
        assert_eq!(clean_document.passages[0].text, clean, "{damaged}");
        assert_eq!(clean_document.passages[0].restore(), damaged);
    }
}

#[test]
fn doubts_know_what_figures_and_words_may_be() {
    let suspects = |text: &str| -> Vec<(String, String, Option<String>)> {
        let clean = cleaned(text, Policy::Safe);
        (clean.passages.iter().flat_map(|p| &p.suspects))
            .map(|s| (s.rule.clone(), s.as_read.clone(), s.suggestion.clone()))
            .collect()
    };
    for (text, rule, read, meant) in [
        (
            "今年抓了三方面工作，一是修路，二是架桥，三是种树，四是办学。",
            "number.count",
            "三",
            None,
        ),
        ("参加会议58人，男30人，女18人。", "number.sum", "58", None),
        (
            "全县有五个镇，分别是东沟、西沟、石桥、柳林。",
            "number.count",
            "五",
            None,
        ),
        (
            "新开工12个项目，分别为电站、学校和医院。",
            "number.count",
            "12",
            None,
        ),
        ("前0月份，全县下了大雨。", "number.leading-zero", "0", None),
        ("全县产粮6干吨。", "ocr.lookalike", "干", Some("千")),
        ("每户3一5元。", "ocr.hyphen", "一", Some("—")),
        ("工程己在施工。", "ocr.lookalike", "己在", Some("已在")),
        ("工程末有停工。", "ocr.lookalike", "末有", Some("未有")),
        ("2O2l年完工。", "number.letter", "2O2l", Some("2021")),
        (
            "曰前有人说起这件事。",
            "ocr.lookalike",
            "曰前",
            Some("日前"),
        ),
        ("村里3 6人参加了会议。", "number.spaced", "3 6", Some("36")),
    ] {
        let wanted = (rule.to_owned(), read.to_owned(), meant.map(str::to_owned));
        assert_eq!(suspects(text), [wanted], "{text}");
    }
    for text in [
        "今年抓了三方面工作，一是修路，二是架桥，三是种树。",
        "参加会议48人，男30人，女18人。",
        "全县有五个镇，分别是东沟、西沟、石桥、柳林和桃园。",
        "全县有四个镇，分别是东沟、西沟、石桥、和平。",
        "全县有五个镇，分别是东沟、西沟、石桥等。",
        "全县有二十个镇，分别是东沟、西沟、石桥。",
        "他说自己在施工，月末有雨。",
        "他家八口人。",
        "書局的故事很長，他還活著，這裡最安靜。",
        "古桥修缮工程完工-新华网",
    ] {
        assert_eq!(suspects(text), [], "{text}");
    }
}
