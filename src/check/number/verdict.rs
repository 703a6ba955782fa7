//! What to say of amounts that don't pair, and of pairs that don't quite agree.

use super::fit::{Fit, fit, is_demanding, power_apart};
use super::matching::{MOST, Matching};
use super::wrong::wrong;
use super::{Amounts, labels, scores};
use crate::check::{Pair, Sink};
use crate::model::{Severity, Span};
use crate::quantity::{Bound, Direction, Kind, Mention, Rational, Weight};

pub(super) fn judge(pair: &Pair<'_>, amounts: &Amounts, matching: &Matching, sink: &mut Sink<'_>) {
    let judge = Judge { pair, amounts };
    if amounts.source.len() > MOST || amounts.target.len() > MOST {
        judge.lost(&matching.source_left, &matching.target_left, sink);
        judge.added(&matching.target_left, sink);
        return;
    }
    let mut source_left = matching.source_left.clone();
    let mut target_left = matching.target_left.clone();
    judge.suspects(sink);
    judge.codes(&mut source_left, &mut target_left, sink);
    judge.in_names(&mut source_left, &mut target_left);
    source_left.retain(|i| !Judge::moved(&amounts.source[*i], &amounts.beside));
    target_left.retain(|j| !Judge::moved(&amounts.target[*j], &amounts.source_beside));
    judge.rebuke(&mut source_left, &mut target_left, sink);
    judge.lost(&source_left, &target_left, sink);
    judge.added(&target_left, sink);
    for (i, j, fit) in &matching.pairs {
        judge.agreed(*i, *j, *fit, sink);
    }
    labels::swapped(pair, amounts, matching, sink);
    if !sink.has("number.swapped") {
        labels::reordered(pair, amounts, matching, sink);
    }
    if !sink.has("number.swapped") {
        labels::crossed(pair, amounts, matching, sink);
    }
    scores::check(pair, amounts, matching, sink);
}

struct Judge<'a, 'p> {
    pair: &'a Pair<'p>,
    amounts: &'a Amounts,
}

impl Judge<'_, '_> {
    fn source_raw(&self, mention: &Mention) -> String {
        mention.raw(self.pair.source).trim().to_owned()
    }

    fn target_raw(&self, mention: &Mention) -> String {
        mention.raw(self.pair.target).trim().to_owned()
    }

    /// Whether a neighbour states the amount.
    fn moved(mention: &Mention, beside: &[Mention]) -> bool {
        if mention.kind == Kind::Code {
            return false;
        }
        beside.iter().any(|other| fit(mention, other).is_some())
    }

    /// Amounts that look misread are a question to a person, never matched.
    fn suspects(&self, sink: &mut Sink<'_>) {
        for mention in &self.amounts.source {
            if mention.suspect {
                sink.at_source(
                    "number.suspect",
                    format!(
                        "{} looks misread: no writer would write it; look at the original",
                        self.source_raw(mention)
                    ),
                    mention.span,
                );
            }
        }
    }

    /// Leaves out numbers that stand inside a name of the other side: 鹰击18 and YJ-18.
    fn in_names(&self, source_left: &mut Vec<usize>, target_left: &mut Vec<usize>) {
        let names = |all: &[Mention], text: &str| -> Vec<String> {
            all.iter()
                .filter(|mention| mention.kind == Kind::Code)
                .map(|mention| mention.raw(text).to_owned())
                .collect()
        };
        let stands_in = |mention: &Mention, names: &[String]| {
            mention.low.to_whole().is_some_and(|value| {
                let digits = value.to_string();
                names.iter().any(|name| name.contains(&digits))
            })
        };
        let target_names = names(&self.amounts.target, self.pair.target);
        let source_names = names(&self.amounts.source, self.pair.source);
        source_left.retain(|i| !stands_in(&self.amounts.source[*i], &target_names));
        target_left.retain(|j| !stands_in(&self.amounts.target[*j], &source_names));
    }

    /// Names with digits must stand letter for letter.
    fn codes(
        &self,
        source_left: &mut Vec<usize>,
        target_left: &mut Vec<usize>,
        sink: &mut Sink<'_>,
    ) {
        let plain = |text: &str| {
            text.chars()
                .filter(|c| c.is_alphanumeric() || *c == '+')
                .flat_map(char::to_lowercase)
                .collect::<String>()
        };
        let target_text = plain(self.pair.target);
        let source_text = plain(self.pair.source);
        let is_code = |mention: &Mention| mention.kind == Kind::Code;
        let missing: Vec<usize> = source_left
            .iter()
            .copied()
            .filter(|i| is_code(&self.amounts.source[*i]))
            .filter(|i| {
                let raw = plain(&self.source_raw(&self.amounts.source[*i]));
                !target_text.contains(&raw)
            })
            .collect();
        let mut strange: Vec<usize> = target_left
            .iter()
            .copied()
            .filter(|j| is_code(&self.amounts.target[*j]))
            .filter(|j| {
                let raw = plain(&self.target_raw(&self.amounts.target[*j]));
                !source_text.contains(&raw)
            })
            .collect();
        source_left.retain(|i| !is_code(&self.amounts.source[*i]));
        target_left.retain(|j| !is_code(&self.amounts.target[*j]));
        for i in missing {
            let mention = &self.amounts.source[i];
            let raw = self.source_raw(mention);
            let twin = strange.iter().position(|j| {
                nearly_same(
                    &plain(&raw),
                    &plain(&self.target_raw(&self.amounts.target[*j])),
                )
            });
            if let Some(at) = twin {
                let other = &self.amounts.target[strange.remove(at)];
                sink.at_both(
                    "number.code",
                    format!(
                        "{raw} became {}; a name with digits is copied letter for letter",
                        self.target_raw(other)
                    ),
                    mention.span,
                    other.span,
                );
            } else {
                sink.at_source_as(
                    "number.code",
                    Severity::Info,
                    format!("{raw} is not in the translation; a name with digits is copied letter for letter"),
                    mention.span,
                );
            }
        }
    }

    /// Pairs up what is left over on both sides where one is the other gone wrong.
    fn rebuke(
        &self,
        source_left: &mut Vec<usize>,
        target_left: &mut Vec<usize>,
        sink: &mut Sink<'_>,
    ) {
        let mut wrongs: Vec<(u32, usize, usize, super::wrong::Wrong)> = Vec::new();
        if source_left.len() > 40 || target_left.len() > 40 {
            return;
        }
        for &i in source_left.iter() {
            for &j in target_left.iter() {
                let (a, b) = (&self.amounts.source[i], &self.amounts.target[j]);
                let is_only = is_only(a, source_left, &self.amounts.source)
                    && is_only(b, target_left, &self.amounts.target);
                if let Some((cost, wrong)) = wrong(self.pair, a, b, is_only) {
                    wrongs.push((cost, i, j, wrong));
                }
            }
        }
        let left = (source_left.clone(), target_left.clone());
        wrongs.sort_by_key(|(cost, i, j, _)| (*cost, *i, *j));
        for (_, i, j, wrong) in wrongs {
            if !source_left.contains(&i) || !target_left.contains(&j) {
                continue;
            }
            source_left.retain(|other| *other != i);
            target_left.retain(|other| *other != j);
            let (a, b) = (&self.amounts.source[i], &self.amounts.target[j]);
            let (raw_a, raw_b) = (self.source_raw(a), self.target_raw(b));
            let message = match wrong.rule {
                "number.scale" => format!(
                    "{raw_a} is {}, but the translation says {raw_b}, which is {}: {}",
                    a.low,
                    b.low,
                    scale_words(power_apart(a, b))
                ),
                "percent.points" if a.kind == Kind::Points => {
                    format!("{raw_a} are percentage points, {raw_b} is a percentage of something")
                }
                "percent.points" => {
                    format!("{raw_a} is a percentage, {raw_b} are percentage points")
                }
                "currency.wrong" | "unit.wrong" => format!(
                    "{raw_a} and {raw_b} have the same number, but not the same unit ({} and {})",
                    a.unit.map_or("none", |unit| unit.name),
                    b.unit.map_or("none", |unit| unit.name)
                ),
                _ => format!("{raw_a} ({}) became {raw_b} ({})", worth(a), worth(b)),
            };
            let severity = if self.may_be_meant(i, j, &left) {
                wrong.severity.min(Severity::Warning)
            } else {
                wrong.severity
            };
            sink.at_both_as(wrong.rule, severity, message, a.span, b.span);
        }
    }

    /// Whether another value may be no slip: the translation gives a range that has it (四十五万,
    /// "400,000-500,000"), the rest of a sum (1500人, 共2000人; "and 500 others"), or the mark
    /// that a copy of the source lost (351.659, "3:51.659").
    ///
    /// `left` are all that found no partner.
    fn may_be_meant(&self, i: usize, j: usize, left: &(Vec<usize>, Vec<usize>)) -> bool {
        let (a, b) = (&self.amounts.source[i], &self.amounts.target[j]);
        let in_range = is_in_range(a, b, &self.amounts.target, &left.1, self.pair.target)
            || is_in_range(b, a, &self.amounts.source, &left.0, self.pair.source);
        // Chinese says of a sum that it is one.
        let is_rest = if self.pair.source_lang.is_chinese() {
            self.pair.source.contains(['共', '总']) && is_sum(a, b, &self.amounts.source)
        } else {
            self.pair.target.contains(['共', '总']) && is_sum(b, a, &self.amounts.target)
        };
        let digits = |text: &str| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let (raw_a, raw_b) = (self.source_raw(a), self.target_raw(b));
        let lost_mark = raw_a.contains(':') != raw_b.contains(':')
            && digits(&raw_a).len() >= 5
            && digits(&raw_a) == digits(&raw_b);
        in_range || is_rest || lost_mark
    }

    /// Amounts of the source that the target does not state.
    fn lost(&self, source_left: &[usize], target_left: &[usize], sink: &mut Sink<'_>) {
        for &i in source_left {
            let mention = &self.amounts.source[i];
            if mention.weight == Weight::Soft || mention.suspect {
                continue;
            }
            let rule = match mention.kind {
                Kind::Percent | Kind::Points => "percent.missing",
                _ if mention.is_date() => "date.missing",
                _ => "number.missing",
            };
            let severity = if is_demanding(mention)
                && !mention.is_date()
                && self.is_sure(mention, target_left)
            {
                Severity::Error
            } else if mention.is_date() || mention.weight == Weight::Medium {
                Severity::Info
            } else {
                Severity::Warning
            };
            sink.at_source_as(
                rule,
                severity,
                format!(
                    "{} ({}) is not in the translation",
                    self.source_raw(mention),
                    worth(mention)
                ),
                mention.span,
            );
        }
    }

    /// Whether nothing in the target can stand for a strong amount that is missing.
    fn is_sure(&self, mention: &Mention, target_left: &[usize]) -> bool {
        let vague_left = target_left.iter().any(|j| {
            let other = &self.amounts.target[*j];
            let reach = other.high.times(Rational::whole(10));
            !other.is_exact()
                && other.low <= mention.low
                && reach.is_some_and(|reach| mention.low <= reach)
        });
        let has_digits = mention
            .raw(self.pair.source)
            .chars()
            .any(|c| c.is_ascii_digit() || ('０'..='９').contains(&c));
        !vague_left && has_digits && super::languages_have_readers(self.pair)
    }

    /// Amounts of the target that the source does not state.
    fn added(&self, target_left: &[usize], sink: &mut Sink<'_>) {
        for &j in target_left {
            let mention = &self.amounts.target[j];
            if mention.weight != Weight::Strong {
                continue;
            }
            sink.at_target(
                "number.extra",
                format!(
                    "{} ({}) is not in the source",
                    self.target_raw(mention),
                    worth(mention)
                ),
                mention.span,
            );
        }
    }

    /// Whether one of a pair stands more than once on its side, so that partners may be confused.
    fn is_unsure(&self, a: &Mention, b: &Mention) -> bool {
        Self::is_repeated(a, &self.amounts.source) || Self::is_repeated(b, &self.amounts.target)
    }

    /// Limits of a pair: turned round, or dropped.
    fn limits(&self, a: &Mention, b: &Mention, fit: Fit, sink: &mut Sink<'_>) {
        if a.is_date() || b.is_date() {
            return;
        }
        let (raw_a, raw_b) = (self.source_raw(a), self.target_raw(b));
        let is_counted = a.weight > Weight::Soft && b.weight > Weight::Soft || fit == Fit::Same;
        if a.bound.contradicts(b.bound) && is_counted {
            // 达800多人 is "up to 800" with many a translator.
            let is_reach = a.bound == Bound::UpTo || b.bound == Bound::UpTo;
            let severity = if self.is_unsure(a, b) || is_reach {
                Severity::Warning
            } else {
                Severity::Error
            };
            sink.at_both_as(
                "number.bound",
                severity,
                format!(
                    "{raw_a} is {} that much, {raw_b} with its words is {}",
                    a.bound.words(),
                    b.bound.words()
                ),
                a.span,
                b.span,
            );
        } else if fit != Fit::Vague
            && matches!(a.bound, Bound::AtLeast | Bound::AtMost)
            && b.bound == Bound::Exact
            && a.weight == Weight::Strong
        {
            sink.at_both(
                "number.modifier",
                format!(
                    "{raw_a} is {} that much; the translation states it as exact",
                    a.bound.words()
                ),
                a.span,
                b.span,
            );
        }
    }

    /// Pairs of the same amount that say something else about it.
    fn agreed(&self, i: usize, j: usize, fit: Fit, sink: &mut Sink<'_>) {
        let (a, b) = (&self.amounts.source[i], &self.amounts.target[j]);
        let (raw_a, raw_b) = (self.source_raw(a), self.target_raw(b));
        let unsure = self.is_unsure(a, b);
        self.limits(a, b, fit, sink);
        if let (Some(from), Some(to)) = (a.change.is_result, b.change.is_result)
            && from != to
            && matches!(
                a.kind,
                Kind::Count | Kind::Percent | Kind::Points | Kind::Fraction
            )
            && !unsure
        {
            let say = |is_result: bool| {
                if is_result {
                    "what was reached"
                } else {
                    "the step"
                }
            };
            sink.at_both(
                "number.by-to",
                format!(
                    "{raw_a} is {} of the change, {raw_b} is {}",
                    say(from),
                    say(to)
                ),
                a.span,
                b.span,
            );
        }
        if let (Some(from), Some(to)) = (a.change.direction, b.change.direction)
            && from != to
            && !unsure
        {
            let say = |direction| match direction {
                Direction::Up => "up",
                Direction::Down => "down",
            };
            sink.at_both(
                "number.direction",
                format!(
                    "by {raw_a} it goes {}, by {raw_b} it goes {}",
                    say(from),
                    say(to)
                ),
                a.span,
                b.span,
            );
        }
        match fit {
            Fit::Rounded => sink.at_both(
                "number.rounded",
                format!("{raw_a} ({}) was rounded to {raw_b} ({})", a.low, b.low),
                a.span,
                b.span,
            ),
            Fit::Converted => sink.at_both(
                "unit.converted",
                format!("{raw_a} was converted to {raw_b}"),
                a.span,
                b.span,
            ),
            _ => {}
        }
    }

    /// Whether the same value stands more than once on a side, so that partners may be confused.
    fn is_repeated(mention: &Mention, all: &[Mention]) -> bool {
        all.iter().filter(|other| other.low == mention.low).count() > 1
    }
}

/// Whether nothing else of its kind that is left over weighs as much.
/// Whether `whole` is the sum of `rest` and another amount beside it.
fn is_sum(whole: &Mention, rest: &Mention, beside: &[Mention]) -> bool {
    whole.kind == Kind::Count
        && beside.iter().any(|other| {
            other.span != whole.span
                && other.kind == whole.kind
                && other.weight == Weight::Strong
                && other.low.plus(rest.low) == Some(whole.low)
        })
}

/// Whether `end` is an end of a range, none of whose ends found a partner, that `value` lies in.
fn is_in_range(
    value: &Mention,
    end: &Mention,
    all: &[Mention],
    left: &[usize],
    text: &str,
) -> bool {
    left.iter().map(|at| &all[*at]).any(|other| {
        let (first, last) = if other.span[0] < end.span[0] {
            (other, end)
        } else {
            (end, other)
        };
        other.kind == end.kind
            && first.low < value.low
            && value.low < last.low
            && is_range(text, first.span, last.span)
    })
}

/// Whether the words between and before two spans make one range of them.
fn is_range(text: &str, first: Span, last: Span) -> bool {
    let Some(length) = last[0].checked_sub(first[1]).filter(|length| *length <= 6) else {
        return false;
    };
    let between: String = text.chars().skip(first[1]).take(length).collect();
    let before: String = text.chars().take(first[0]).collect();
    match between.trim() {
        "-" | "–" | "—" | "~" | "～" | "至" | "到" | "to" => true,
        "and" => before.trim_end().to_lowercase().ends_with("between"),
        _ => false,
    }
}

fn is_only(mention: &Mention, left: &[usize], all: &[Mention]) -> bool {
    let least = mention.weight.max(Weight::Medium);
    left.iter()
        .map(|at| &all[*at])
        .filter(|other| other.kind == mention.kind && other.weight >= least)
        .all(|other| other.range == mention.range || other.low == mention.low)
}

fn scale_words(power: Option<i32>) -> String {
    let Some(power) = power else {
        return "another scale".to_owned();
    };
    let times = Rational::power_of_ten(power.abs()).map_or_else(String::new, |p| p.to_string());
    let way = if power > 0 { "much" } else { "little" };
    format!("{times} times too {way}")
}

/// A mention's value for a person.
fn worth(mention: &Mention) -> String {
    let value = if mention.is_exact() {
        mention.low.to_string()
    } else {
        format!("{} to {}", mention.low, mention.high)
    };
    match mention.kind {
        Kind::Percent => format!("{value} %"),
        Kind::Points => format!("{value} percentage points"),
        Kind::Year => format!("the year {}", value.replace(',', "")),
        Kind::Month => format!("month {value}"),
        Kind::Quarter => format!("quarter {value}"),
        Kind::Day => format!("day {value}"),
        Kind::Weekday => format!("weekday {value}"),
        Kind::Decade => format!("the {value}s"),
        Kind::Century => format!("century {value}"),
        Kind::Clock => mention.low.to_whole().map_or(value, |minutes| {
            format!("{}:{:02}", minutes / 60, minutes % 60)
        }),
        Kind::Times | Kind::Multiple => format!("{value} times"),
        Kind::Ordinal => format!("no. {value}"),
        _ => match mention.unit {
            Some(unit) => format!("{value} {}", unit.name),
            None => value,
        },
    }
}

/// Whether two names with digits are one with a slip: the same length but for one character.
fn nearly_same(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.is_empty() || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let common = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let tail = a[common..]
        .iter()
        .rev()
        .zip(b[common..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let longest = a.len().max(b.len());
    longest - common - tail <= 2 && common + tail >= 1
}
