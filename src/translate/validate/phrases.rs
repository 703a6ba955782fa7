//! Text that no translation is: refusals, chat, error pages, the instructions themselves.

use crate::model::Lang;

/// What a model says when it won't translate, as a whole answer begins. A person in an article may
/// say so too: then the source calls for it ([`APOLOGIES`], [`DENIALS`]).
const SORRY: &[&str] = &[
    "i'm sorry",
    "i am sorry",
    "sorry,",
    "sorry but",
    "i apologize",
    "i apologise",
    "my apologies",
    "unfortunately, i",
    "抱歉",
    "很抱歉",
    "非常抱歉",
    "对不起",
    "不好意思",
    "很遗憾",
    "je suis désolé",
    "désolé",
    "es tut mir leid",
    "tut mir leid",
    "entschuldigung",
    "lo siento",
    "mi dispiace",
    "sinto muito",
    "desculpe",
    "извините",
    "к сожалению, я",
    "申し訳ありません",
    "申し訳ございません",
    "죄송합니다",
    "xin lỗi",
];
const UNABLE: &[&str] = &[
    "i cannot",
    "i can't",
    "i can not",
    "i am unable",
    "i'm unable",
    "i'm not able",
    "i am not able",
    "i won't",
    "i will not",
    "i must decline",
    "i have to decline",
    "i need to decline",
    "i must refuse",
    "i must respectfully decline",
    "我无法",
    "我不能",
    "无法回答",
    "je ne peux pas",
    "ich kann nicht",
    "ich kann diese",
    "ich kann diesen",
    "no puedo",
    "non posso",
    "não posso",
    "я не могу",
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
    "that topic",
    "this topic",
    "翻译",
    "请求",
    "协助",
    "内容",
];

/// What is no translation wherever an answer begins with it, with the words of a source that may
/// be translated so all the same.
const OPENINGS: &[(&[&str], &[&str])] = &[
    (
        &[
            "as an ai",
            "as a responsible ai",
            "as a language model",
            "as a large language model",
            "作为一个ai",
            "作为ai",
            "作为人工智能",
            "作为一个人工智能",
            "作为语言模型",
            "作为一个语言模型",
            "我是一个ai",
            "我是一个人工智能",
            "en tant qu'ia",
            "als ki-",
            "como modelo de lenguaje",
        ],
        &[
            "ai",
            "人工智能",
            "人工智慧",
            "语言模型",
            "語言模型",
            "大模型",
            "智能体",
            "智慧體",
            "artificial",
            "model",
        ],
    ),
    (
        &[
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
        ],
        &["译", "перев", "tradu", "übersetz", "訳", "譯"],
    ),
    (
        &[
            "http error",
            "error code:",
            "internal server error",
            "502 bad gateway",
            "503 service",
            "504 gateway",
            "bad gateway",
            "too many requests",
            "rate limit",
        ],
        &[
            "错误",
            "錯誤",
            "请求",
            "請求",
            "网关",
            "網關",
            "服务器",
            "伺服器",
            "限",
            "error",
        ],
    ),
    (&["<!doctype", "<html", "<?xml", "{\"error\""], &[]),
    // What a filter leaves in a text's place.
    (
        &[
            "[content",
            "(content",
            "[filtered",
            "[redacted",
            "[removed",
            "[blocked",
            "[censored",
            "content filter",
        ],
        &[
            "[", "【", "（", "(", "过滤", "過濾", "内容", "內容", "filter",
        ],
    ),
];

/// What no translation has anywhere near its beginning, with the words of a source that may be
/// translated so all the same.
const CHAT: &[(&[&str], &[&str])] = &[
    (
        &[
            "beyond my current scope",
            "beyond the scope of what i can",
            "let's talk about something else",
            "was filtered out",
            "were filtered out",
            "been filtered out",
            "content filter",
            "safety system]",
            "safety filter",
            "violates our content",
            "violates our usage",
            "violates the content policy",
        ],
        &[
            "范围",
            "範圍",
            "换个",
            "換個",
            "别的",
            "別的",
            "滤",
            "濾",
            "筛",
            "篩",
            "聊",
            "内容",
            "內容",
            "安全系统",
            "安全系統",
            "违反",
            "違反",
            "scope",
            "filter",
            "safety",
            "violat",
        ],
    ),
    (
        &[
            "这个问题我暂时",
            "我暂时无法",
            "换个话题",
            "我还没有学会",
            "还没学会如何回答",
        ],
        &[
            "topic", "subject", "yet", "for now", "moment", "learn", "暂时", "话题", "話題", "学会",
        ],
    ),
    (
        &[
            "translation of segment",
            "translation of the segment",
            "(translation",
            "[translation",
        ],
        &["译", "перев", "tradu", "übersetz", "訳", "譯", "translat"],
    ),
    (
        &[
            "(note:",
            "[note:",
            "note: i ",
            "note: the translation",
            "translator's note",
            "(translator",
            "（注：",
            "（译注",
        ],
        &[
            "注",
            "nota",
            "прим",
            "anm",
            "註",
            "译",
            "перев",
            "tradu",
            "übersetz",
            "訳",
            "譯",
            "备考",
            "附记",
            "提示",
            "note",
            "translat",
        ],
    ),
];

/// The part of an answer that refusals are looked for in, in characters.
const START: usize = 240;
/// A run of the instructions this long, in characters, is no accident.
const LEAK: usize = 40;

/// Why this answer is no translation, if it is none.
pub(super) fn not_a_translation(
    source: &str,
    target: &str,
    from: &Lang,
    instructions: &str,
) -> Option<String> {
    let whole = target.to_lowercase().replace('\u{2019}', "'");
    let start: String = whole
        .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '“' | '*' | '#' | '`'))
        .chars()
        .take(START)
        .collect();
    let source_key = source.to_lowercase().replace('\u{2019}', "'");
    let says = |words: &[&str]| words.iter().any(|word| source_key.contains(word));
    let opening = OPENINGS.iter().find_map(|(openings, excuses)| {
        let opening = opens_with(&start, openings)?;
        (!says(excuses) && !source_key.contains(opening)).then_some(opening)
    });
    if let Some(opening) = opening {
        return Some(format!(
            "the answer begins like no translation: {opening:?}"
        ));
    }
    let chat = CHAT.iter().find_map(|(phrases, excuses)| {
        let phrase = phrases.iter().find(|phrase| whole.contains(*phrase))?;
        (!says(excuses)).then_some(phrase)
    });
    if let Some(phrase) = chat {
        return Some(format!(
            "the answer says what no translation says: {phrase:?}"
        ));
    }
    let sorry = opens_with(&start, SORRY).is_some();
    let unable = opens_with(&start, UNABLE).is_some();
    let of_task = TASK.iter().any(|word| start.contains(word)) && !speaks_of_task(&source_key);
    // Of other source languages it is not known what calls for an apology.
    let known = matches!(from.primary(), "zh" | "en");
    let uncalled =
        known && ((sorry && !says(APOLOGIES)) || (unable && !calls_for_inability(&source_key)));
    if (sorry || unable) && (of_task || uncalled) {
        return Some("the answer is a refusal or an apology".to_owned());
    }
    if target.contains("```") && !source.contains("```") {
        return Some("the answer is set as code".to_owned());
    }
    leaked(target, instructions)
        .map(|part| format!("the answer repeats the instructions: {part:?}"))
}

/// Words of a source whose translation may begin with an apology.
const APOLOGIES: &[&str] = &[
    "歉",
    "对不起",
    "對不起",
    "对不住",
    "對不住",
    "不好意思",
    "遗憾",
    "遺憾",
    "可惜",
    "恕",
    "难过",
    "難過",
    "惭愧",
    "慚愧",
    "不幸",
    "无奈",
    "無奈",
    "原谅",
    "sorry",
    "apolog",
    "regret",
    "unfortunately",
    "excuse",
    "pardon",
];
/// Words of a source whose translation may begin with what a person can't or won't do.
const DENIALS: &[&str] = &[
    "不", "无法", "無法", "没", "沒", "未", "难", "難", "拒", "别", "別", "休想", "绝", "絕",
    "cannot", "can't", "can not", "unable", "not able", "won't", "will not", "couldn't", "decline",
    "refuse",
];
/// Words of a source in which someone speaks.
const SPEAKERS: &[&str] = &["我", "咱", "俺", "吾", "本人", "“", "「", "『", "\"", "i "];

/// Whether someone in the source, in lower case, denies something.
fn calls_for_inability(source: &str) -> bool {
    let says = |words: &[&str]| words.iter().any(|word| source.contains(word));
    says(DENIALS) && says(SPEAKERS)
}

/// Whether the source, in lower case, is itself about translating or helping, so that its
/// translation may say so.
fn speaks_of_task(source: &str) -> bool {
    [
        "翻译", "翻譯", "帮助", "幫助", "帮忙", "帮", "幫", "提供", "协助", "協助", "请求", "請求",
        "要求", "话题", "話題", "内容", "內容", "服从", "满足", "滿足", "translat", "help",
        "provide", "request", "assist", "topic", "content", "comply",
    ]
    .iter()
    .any(|word| source.contains(word))
        && [APOLOGIES, DENIALS]
            .into_iter()
            .flatten()
            .any(|word| source.contains(word))
}

/// The phrase that `text` begins with, as whole words.
fn opens_with<'a>(text: &str, phrases: &[&'a str]) -> Option<&'a str> {
    let inside = |c: char| c.is_alphabetic() && c < '\u{2e80}';
    phrases.iter().copied().find(|phrase| {
        text.strip_prefix(phrase)
            .is_some_and(|rest| !(phrase.ends_with(inside) && rest.starts_with(inside)))
    })
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
