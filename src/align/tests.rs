//! What holds for any two texts.

use proptest::prelude::*;

use super::*;

fn lang(tag: &str) -> Lang {
    tag.parse().unwrap()
}

fn options() -> AlignOptions<'static> {
    AlignOptions::new(lang("zh-Hans"), lang("en"))
}

fn one_paragraph(sentences: &[&str]) -> Vec<Vec<String>> {
    vec![sentences.iter().map(|&text| text.to_owned()).collect()]
}

/// Each sentence is in exactly one row, and rows are in the order of the source.
fn assert_whole(alignment: &Alignment, n: usize, m: usize) {
    let mut source: Vec<usize> = Vec::new();
    let mut target: Vec<usize> = Vec::new();
    for row in &alignment.rows {
        assert!((0.0..=1.0).contains(&row.score), "{row:?}");
        assert!(row.source.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        assert!(row.target.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        source.extend(&row.source);
        target.extend(&row.target);
    }
    assert_eq!(source, (0..n).collect::<Vec<_>>());
    target.sort_unstable();
    assert_eq!(target, (0..m).collect::<Vec<_>>());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn no_sentence_is_lost(
        zh in prop::collection::vec("[一二人山水说道走了来。？“”0-9 A-z]{0,30}", 0..25),
        en in prop::collection::vec("[a-zA-Z0-9 .?!'\"%-]{0,60}", 0..25),
        cut in 1_usize..6,
    ) {
        let source: Vec<Vec<String>> = zh.chunks(cut).map(<[String]>::to_vec).collect();
        let target: Vec<Vec<String>> = en.chunks(cut).map(<[String]>::to_vec).collect();
        let alignment = align(&source, &target, &options());
        assert_whole(&alignment, zh.len(), en.len());
        prop_assert_eq!(align(&source, &target, &options()), alignment);
    }
}

#[test]
fn a_side_without_text_leaves_the_other_alone() {
    let text = one_paragraph(&["山高。", "水长。"]);
    let alignment = align(&text, &[], &options());
    assert_whole(&alignment, 2, 0);
    assert!(alignment.rows.iter().all(Row::is_doubtful));
    assert_eq!(align(&[], &[], &options()).rows, []);
}

#[test]
fn one_sentence_against_many() {
    let many: Vec<String> = (0..200).map(|n| format!("This is sentence {n}.")).collect();
    let alignment = align(&one_paragraph(&["只有一句话。"]), &[many], &options());
    assert_whole(&alignment, 1, 200);
}

#[test]
fn the_same_sentence_again_and_again_stays_linear() {
    let zh = vec!["他说不。".to_owned(); 500];
    let en = vec!["He said no.".to_owned(); 500];
    let alignment = align(&[zh], &[en], &options());
    assert_whole(&alignment, 500, 500);
    let straight = alignment.rows.iter().filter(|row| row.source == row.target);
    assert!(straight.count() > 450);
}

#[test]
fn names_in_pinyin_need_no_dictionary() {
    let source = one_paragraph(&["刘巧珍。", "唔唔。", "韩玉梅。"]);
    let target = one_paragraph(&["Liu Qiaozhen.", "Mm, mm.", "Han Yumei."]);
    let alignment = align(&source, &target, &options());
    let pairs: Vec<_> = alignment
        .rows
        .iter()
        .map(|row| (&row.source, &row.target))
        .collect();
    assert!(pairs.contains(&(&vec![0], &vec![0])) && pairs.contains(&(&vec![2], &vec![2])));
}

#[test]
fn terms_and_memory_tell_what_words_mean() {
    // Two sentences of one length whose order only the term tells.
    let source = one_paragraph(&["鵛鸕鹍鶂。", "鶌鷬鸙鷎。"]);
    let target = one_paragraph(&["Something quite new here.", "Blorp zindle quark wend."]);
    let mut options = options();
    let before = align(&source, &target, &options).rows[1].score;
    options.terms = vec![("鶌鷬鸙鷎".to_owned(), "zindle quark".to_owned())];
    let with_term = align(&source, &target, &options).rows[1].score;
    assert!(with_term > before, "{before} {with_term}");
    options.terms.clear();
    options.memory = vec![
        ("鶌鷬。".to_owned(), "Zindle quark.".to_owned()),
        ("鶌鸙。".to_owned(), "A zindle.".to_owned()),
        ("鶌。".to_owned(), "Zindle!".to_owned()),
    ];
    let with_memory = align(&source, &target, &options).rows[1].score;
    assert!(with_memory > before, "{before} {with_memory}");
}

#[test]
fn other_languages_align_by_length_numbers_and_shared_words() {
    let source = one_paragraph(&[
        "Le port de Brest a accueilli 1200 navires en 2019.",
        "Personne ne s'y attendait.",
        "La capitaine Durand en parle avec fierté.",
    ]);
    let target = one_paragraph(&[
        "Im Hafen von Brest legten 2019 1200 Schiffe an.",
        "Niemand hatte damit gerechnet.",
        "Kapitänin Durand spricht mit Stolz davon.",
    ]);
    let options = AlignOptions::new(lang("fr"), lang("de"));
    let rows = align(&source, &target, &options).rows;
    assert!(rows.iter().all(|row| row.source == row.target), "{rows:?}");
}
