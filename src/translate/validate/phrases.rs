//! Text that no translation is: refusals, chat, error pages, the instructions themselves.

/// What a model says when it won't translate. Each counts only where the answer also speaks of the
/// task, so that a person in an article may still be sorry.
const REFUSALS: &[&str] = &[
    "i'm sorry",
    "i am sorry",
    "sorry, ",
    "i apologize",
    "i apologise",
    "i cannot",
    "i can't",
    "i can not",
    "i am unable",
    "i'm unable",
    "i'm not able",
    "i am not able",
    "i won't",
    "i will not",
    "unfortunately, i",
    "抱歉",
    "对不起",
    "很遗憾",
    "我无法",
    "我不能",
];

/// Words of the task.
const TASK: &[&str] = &[
    "translat",
    "assist",
    "request",
    "comply",
    "fulfill",
    "content policy",
    "guideline",
    "this content",
    "that content",
    "provide",
    "help with",
    "help you",
    "翻译",
    "请求",
    "协助",
    "内容",
];

/// What is no translation wherever an answer begins with it.
const OPENINGS: &[&str] = &[
    "as an ai",
    "as a language model",
    "as a large language model",
    "作为一个ai",
    "作为人工智能",
    "作为一个人工智能",
    "here is the translation",
    "here's the translation",
    "here is a translation",
    "here is your translation",
    "sure, here",
    "sure! here",
    "certainly! here",
    "certainly, here",
    "of course! here",
    "translation:",
    "the translation is",
    "translated text:",
    "english translation:",
    "<!doctype",
    "<html",
    "<?xml",
    "{\"error\"",
    "http error",
    "error code:",
    "internal server error",
    "502 bad gateway",
    "503 service",
    "504 gateway",
    "bad gateway",
    "too many requests",
    "rate limit",
];

/// The part of an answer that refusals are looked for in, in characters.
const START: usize = 240;
/// A run of the instructions this long, in characters, is no accident.
const LEAK: usize = 40;

/// Why this answer is no translation, if it is none.
pub(super) fn not_a_translation(source: &str, target: &str, instructions: &str) -> Option<String> {
    let start: String = target
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '*' | '#' | '`'))
        .chars()
        .take(START)
        .collect::<String>()
        .to_lowercase()
        .replace('\u{2019}', "'");
    let in_source = |phrase: &str| source.to_lowercase().contains(phrase);
    if let Some(opening) = OPENINGS
        .iter()
        .find(|opening| start.starts_with(*opening) && !in_source(opening))
    {
        return Some(format!(
            "the answer begins like no translation: {opening:?}"
        ));
    }
    let refuses = REFUSALS.iter().any(|refusal| start.starts_with(refusal));
    if refuses && TASK.iter().any(|word| start.contains(word)) && !speaks_of_task(source) {
        return Some("the answer is a refusal or an apology".to_owned());
    }
    if target.contains("```") && !source.contains("```") {
        return Some("the answer is set as code".to_owned());
    }
    leaked(target, instructions)
        .map(|part| format!("the answer repeats the instructions: {part:?}"))
}

/// Whether the source itself is about translating or helping, so that its translation may say so.
fn speaks_of_task(source: &str) -> bool {
    let source = source.to_lowercase();
    [
        "翻译", "帮助", "提供", "协助", "请求", "要求", "translat", "help", "provide", "request",
    ]
    .iter()
    .any(|word| source.contains(word))
        && [
            "抱歉",
            "对不起",
            "遗憾",
            "无法",
            "不能",
            "sorry",
            "cannot",
            "can't",
            "unable",
        ]
        .iter()
        .any(|word| source.contains(word))
}

fn leaked(target: &str, instructions: &str) -> Option<String> {
    let chars: Vec<char> = target.chars().collect();
    // Windows at every twentieth place: a run twice as long as the step can't fall between them.
    chars
        .windows(LEAK)
        .step_by(LEAK / 2)
        .map(|window| window.iter().collect::<String>())
        .find(|window| instructions.contains(window.as_str()))
}
