//! Limits, estimates and changes that go with an amount.

/// Whether an amount is a limit or an estimate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Bound {
    /// Stated as it is.
    #[default]
    Exact,
    /// 约, 左右, `about`.
    About,
    /// Just short of it: 近, `nearly`.
    Nearly,
    /// That much or more: 以上, 余, `more than`, `at least`.
    AtLeast,
    /// That much or less: 以下, 不到, `less than`, `at most`.
    AtMost,
    /// 最高, `up to`: reaches it and goes no further.
    UpTo,
}

impl Bound {
    /// Whether one says more and the other less than the amount.
    #[must_use]
    pub fn contradicts(self, other: Self) -> bool {
        matches!(
            (self, other),
            (Self::AtLeast, Self::AtMost | Self::Nearly | Self::UpTo)
                | (Self::AtMost | Self::Nearly | Self::UpTo, Self::AtLeast)
        )
    }

    /// What the limit is for the rest, where the amount is taken off a whole.
    #[must_use]
    pub(super) fn turned(self) -> Self {
        match self {
            Self::AtLeast => Self::AtMost,
            Self::AtMost => Self::AtLeast,
            Self::Nearly | Self::UpTo => Self::About,
            bound => bound,
        }
    }

    /// Whether the stated number may be off by a rounding.
    #[must_use]
    pub fn is_loose(self) -> bool {
        self != Self::Exact
    }

    /// The limit or estimate in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Exact => "exactly",
            Self::About => "about",
            Self::Nearly => "nearly",
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::UpTo => "up to",
        }
    }
}

/// The way something changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// 增长, `rose`.
    Up,
    /// 下降, `fell`.
    Down,
}

/// What an amount has to do with a change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Change {
    /// The way of the change, if a verb beside the amount tells of one.
    pub direction: Option<Direction>,
    /// `Some(true)` if the amount is what was reached (增至, `rose to`), `Some(false)` if it is
    /// the step (增长了, `rose by`).
    pub is_result: Option<bool>,
}
