use super::*;
use crate::model::{Content, State, Translation};

const FIRST: &str =
    "甲县：改革新篇\n\n甲县今年开工项目三十二个。全县投资一亿元。\n\n甲县还将继续努力推进工作。\n";

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new(targets: &str) -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        place.write(
            "duizhao.toml",
            &format!("source = \"zh-Hans\"\ntargets = {targets}\n"),
        );
        place
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.dir.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn sync(&self) -> Synced {
        sync(&self.workspace()).unwrap()
    }

    fn workspace(&self) -> Workspace {
        Workspace::open(self.dir.path()).unwrap()
    }

    /// Translates everything into these languages, as a person would, and saves it.
    fn translate(&self, langs: &[&str]) {
        let mut synced = self.sync();
        for segment in synced.articles.iter_mut().flat_map(Article::segments_mut) {
            for lang in langs {
                let content = Content::from_text(&format!("{lang}: {}", segment.source.text()));
                let target = Target {
                    content,
                    state: State::Reviewed,
                    provenance: vec![],
                };
                let translation = Translation {
                    target: Some(target),
                    ..Translation::default()
                };
                segment.targets.insert(lang.parse().unwrap(), translation);
            }
        }
        synced.save(&self.workspace()).unwrap();
    }
}

fn untranslated(synced: &Synced, lang: &str) -> usize {
    let lang = lang.parse().unwrap();
    let segments = synced.articles.iter().flat_map(Article::segments);
    segments
        .filter(|segment| segment.target(&lang).is_none())
        .count()
}

#[test]
fn saving_twice_writes_once() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    assert_eq!(
        place.sync().save(&place.workspace()).unwrap(),
        ["translations/a.en.xlf"]
    );
    assert_eq!(
        place.sync().save(&place.workspace()).unwrap(),
        Vec::<String>::new()
    );
    assert!(!place.sync().changes[&ArticleId::new("a")].any());
}

#[test]
fn a_renamed_source_keeps_its_article_and_its_translation() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    place.translate(&["en"]);
    std::fs::rename(
        place.dir.path().join("sources/a.txt"),
        place.dir.path().join("sources/z.txt"),
    )
    .unwrap();
    let synced = place.sync();
    assert_eq!(synced.articles[0].id.as_str(), "a");
    assert_eq!(synced.articles[0].original, "sources/z.txt");
    assert_eq!(untranslated(&synced, "en"), 0);
}

#[test]
fn a_source_that_is_gone_leaves_its_record_alone() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    place.translate(&["en"]);
    std::fs::remove_file(place.dir.path().join("sources/a.txt")).unwrap();
    let synced = place.sync();
    assert_eq!(synced.orphans, [ArticleId::new("a")]);
    synced.save(&place.workspace()).unwrap();
    assert!(place.dir.path().join("translations/a.en.xlf").exists());
}

#[test]
fn languages_share_their_ids() {
    let place = Place::new("[\"en\", \"fr\"]");
    place.write("sources/a.txt", FIRST);
    place.translate(&["en"]);
    place.write(
        "sources/a.txt",
        &FIRST.replace("\n\n甲县还", "\n\n这里插入新的一段话。\n\n甲县还"),
    );
    place.sync().save(&place.workspace()).unwrap();
    place.translate(&["fr"]);
    let synced = place.sync();
    assert_eq!(
        (untranslated(&synced, "en"), untranslated(&synced, "fr")),
        (1, 0)
    );
}

#[test]
fn what_a_person_wrote_during_a_long_run_stays() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    place.sync().save(&place.workspace()).unwrap();
    let en: Lang = "en".parse().unwrap();
    let target = |text: &str| Translation {
        target: Some(Target {
            content: Content::from_text(text),
            state: State::Translated,
            provenance: vec![],
        }),
        ..Translation::default()
    };
    let mut run = place.sync();
    let mut person = place.sync();
    let first = |synced: &mut Synced| synced.articles[0].segments_mut().next().unwrap().id.clone();
    let id = first(&mut person);
    person.articles[0]
        .segments_mut()
        .next()
        .unwrap()
        .targets
        .insert(en.clone(), target("a person's"));
    person.save(&place.workspace()).unwrap();
    for segment in run.articles[0].segments_mut() {
        segment.targets.insert(en.clone(), target("an engine's"));
    }
    run.save_filled(&place.workspace()).unwrap();
    for segment in place.sync().articles[0].segments() {
        let wanted = if segment.id == id {
            "a person's"
        } else {
            "an engine's"
        };
        assert_eq!(segment.target(&en).unwrap().content.text(), wanted);
    }
}

#[test]
fn a_variety_of_the_language_is_taken_and_another_language_refused() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    place.translate(&["en"]);
    let path = place.dir.path().join("translations/a.en.xlf");
    let record = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, record.replace("trgLang=\"en\"", "trgLang=\"en-US\"")).unwrap();
    assert_eq!(untranslated(&place.sync(), "en"), 0);
    std::fs::write(&path, record.replace("trgLang=\"en\"", "trgLang=\"fr\"")).unwrap();
    let error = sync(&place.workspace()).unwrap_err().to_string();
    assert!(
        error.contains("a.en.xlf") && error.contains("trgLang"),
        "{error}"
    );
}

#[test]
fn a_language_that_was_left_behind_catches_up() {
    let place = Place::new("[\"en\", \"fr\"]");
    place.write("sources/a.txt", FIRST);
    place.translate(&["en", "fr"]);
    let config = |targets| format!("source = \"zh-Hans\"\ntargets = {targets}\n");
    place.write("duizhao.toml", &config("[\"en\"]"));
    place.write("sources/a.txt", &FIRST.replace("三十二个", "三十三个"));
    place.sync().save(&place.workspace()).unwrap();
    place.write("duizhao.toml", &config("[\"en\", \"fr\"]"));
    for _ in 0..2 {
        let synced = place.sync();
        assert_eq!(
            (untranslated(&synced, "en"), untranslated(&synced, "fr")),
            (1, 1)
        );
        let fr: Lang = "fr".parse().unwrap();
        let offers: usize = synced.articles[0]
            .segments()
            .filter_map(|segment| segment.targets.get(&fr))
            .map(|translation| translation.suggestions.len())
            .sum();
        assert_eq!(offers, 1);
        synced.save(&place.workspace()).unwrap();
    }
}

const SECOND: &str =
    "乙县：生态新路\n\n乙县退耕还林四千亩。游客增加三成。\n\n乙县明年再建两座水厂。\n";

#[test]
fn an_article_that_moves_to_a_file_of_its_own_keeps_its_translation() {
    let place = Place::new("[\"en\"]");
    let both = format!("{FIRST}\n本报记者 王小明\n\n{SECOND}\n本报记者 李大力\n");
    place.write("sources/a.txt", &both);
    assert_eq!(place.sync().articles.len(), 2);
    place.translate(&["en"]);
    place.write("sources/a.txt", &format!("{FIRST}\n本报记者 王小明\n"));
    place.write("sources/b.txt", &format!("{SECOND}\n本报记者 李大力\n"));
    let synced = place.sync();
    assert_eq!(untranslated(&synced, "en"), 0);
    assert!(synced.orphans.is_empty());
}

#[test]
fn a_new_article_does_not_take_an_edited_ones_place() {
    let place = Place::new("[\"en\"]");
    let byline = "本报记者 王小明";
    place.write("sources/a.txt", &format!("{FIRST}\n{byline}\n"));
    place.translate(&["en"]);
    let edited = FIRST.replace('。', "了。").replace("新篇", "新篇章");
    let text = format!("{edited}\n{byline}\n\n{SECOND}\n{byline}\n");
    place.write("sources/a.txt", &text);
    let synced = place.sync();
    let id = |at: usize| synced.articles[at].id.as_str();
    assert_eq!((id(0), synced.articles.len()), ("a", 2));
    assert_ne!(id(1), "a");
}

#[test]
fn two_writers_at_once_are_told() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    let _held = lock(&place.workspace()).unwrap();
    let error = place.sync().save(&place.workspace()).unwrap_err();
    assert!(error.to_string().contains("another duizhao"), "{error}");
}

#[test]
fn a_broken_record_names_its_place() {
    let place = Place::new("[\"en\"]");
    place.write("sources/a.txt", FIRST);
    place.write("translations/a.en.xlf", "<xliff>\n<file");
    let error = sync(&place.workspace()).unwrap_err().to_string();
    assert!(error.contains("a.en.xlf:"), "{error}");
}

#[test]
fn a_paragraph_that_moves_to_another_article_keeps_its_translation() {
    let place = Place::new("[\"en\"]");
    let moving = "县里去年还修好了两条通往山村的公路。";
    place.write("sources/a.txt", &format!("{FIRST}\n{moving}\n"));
    place.write(
        "sources/b.txt",
        "乙县：另一篇\n\n乙县的茶园今年又增加了三百亩。\n",
    );
    place.translate(&["en"]);
    place.write("sources/a.txt", FIRST);
    place.write(
        "sources/b.txt",
        &format!("乙县：另一篇\n\n乙县的茶园今年又增加了三百亩。\n\n{moving}\n"),
    );
    let synced = place.sync();
    assert_eq!(untranslated(&synced, "en"), 0);
    let moved = synced.articles[1].segments().last().unwrap();
    let target = moved.target(&"en".parse().unwrap()).unwrap();
    assert_eq!(target.content.text(), format!("en: {moving}"));
}
