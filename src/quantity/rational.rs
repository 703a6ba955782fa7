//! Exact fractions: what 0.1 is worth does not depend on how a machine rounds.

use std::cmp::Ordering;
use std::fmt;

/// An exact fraction in lowest terms.
///
/// Invariants: the denominator is positive, numerator and denominator have no common divisor.
/// Arithmetic is checked: what does not fit in 128 bits is `None`, never a wrong value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: i128,
    denominator: i128,
}

impl Rational {
    /// 0.
    pub const ZERO: Self = Self::whole(0);
    /// 1.
    pub const ONE: Self = Self::whole(1);

    /// A whole number.
    #[must_use]
    pub const fn whole(value: i128) -> Self {
        Self {
            numerator: value,
            denominator: 1,
        }
    }

    /// `numerator / denominator`; `None` for a denominator of 0 or one out of range.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        let divisor = gcd(numerator.abs(), denominator.abs()) * denominator.signum();
        Some(Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    /// 10 to this power, which may be negative; `None` where it does not fit.
    #[must_use]
    pub fn power_of_ten(exponent: i32) -> Option<Self> {
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        if exponent < 0 {
            Self::new(1, power)
        } else {
            Some(Self::whole(power))
        }
    }

    /// The number that plain ASCII digits with at most one point write, and the worth of its last
    /// digit: `25.96` is 2596/100 with a last digit of 1/100. `None` for anything else and for
    /// more digits than fit.
    #[must_use]
    pub fn from_digits(digits: &str) -> Option<(Self, Self)> {
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || whole.len() + fraction.len() > 30 {
            return None;
        }
        let mut value: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            if !digit.is_ascii_digit() {
                return None;
            }
            value = value
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        }
        let last = Self::power_of_ten(-i32::try_from(fraction.len()).ok()?)?;
        Some((Self::whole(value).times(last)?, last))
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::new(
            left.checked_add(right)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        self.plus(Self {
            numerator: other.numerator.checked_neg()?,
            denominator: other.denominator,
        })
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        Self::new(
            self.numerator.checked_mul(other.numerator)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }

    /// The quotient; `None` also for a divisor of 0.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        Self::new(
            self.numerator.checked_mul(other.denominator)?,
            self.denominator.checked_mul(other.numerator)?,
        )
    }

    /// The distance from 0.
    #[must_use]
    pub fn abs(self) -> Self {
        Self {
            numerator: self.numerator.abs(),
            denominator: self.denominator,
        }
    }

    /// Whether it is 0.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Its value if it is whole.
    #[must_use]
    pub fn to_whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// The power of ten that it is, if it is one: 1000 is 3, 1/100 is -2.
    #[must_use]
    pub fn exponent_of_ten(self) -> Option<i32> {
        let (mut rest, sign) = match (self.numerator, self.denominator) {
            (n, 1) if n > 0 => (n, 1),
            (1, d) => (d, -1),
            _ => return None,
        };
        let mut exponent = 0;
        while rest % 10 == 0 {
            rest /= 10;
            exponent += 1;
        }
        (rest == 1).then_some(sign * exponent)
    }

    /// Whether the two differ by no more than `percent` hundredths of the larger.
    #[must_use]
    pub fn is_within(self, other: Self, percent: i128) -> bool {
        let larger = self.abs().max(other.abs());
        let (Some(distance), Some(share)) = (self.minus(other), Self::new(percent, 100)) else {
            return false;
        };
        larger
            .times(share)
            .is_some_and(|allowed| distance.abs() <= allowed)
    }
}

fn gcd(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut turned = false;
        // Continued fractions: exact where cross-multiplication would overflow.
        loop {
            let (whole_a, rest_a) = (
                a.numerator.div_euclid(a.denominator),
                a.numerator.rem_euclid(a.denominator),
            );
            let (whole_b, rest_b) = (
                b.numerator.div_euclid(b.denominator),
                b.numerator.rem_euclid(b.denominator),
            );
            let order = whole_a.cmp(&whole_b).then_with(|| match (rest_a, rest_b) {
                (0, 0) => Ordering::Equal,
                (0, _) => Ordering::Less,
                (_, 0) => Ordering::Greater,
                _ => Ordering::Equal,
            });
            if order != Ordering::Equal || rest_a == 0 || rest_b == 0 {
                return if turned { order.reverse() } else { order };
            }
            (a, b) = (
                Self {
                    numerator: a.denominator,
                    denominator: rest_a,
                },
                Self {
                    numerator: b.denominator,
                    denominator: rest_b,
                },
            );
            turned = !turned;
        }
    }
}

impl fmt::Display for Rational {
    /// Whole and decimal numbers as English writes them (`22,100,000,000`, `25.96`), others as a
    /// fraction (`1/3`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut places = 0_usize;
        let mut scale: i128 = 1;
        while scale % self.denominator != 0 {
            match scale.checked_mul(10) {
                Some(next) if places < 12 => scale = next,
                _ => return write!(f, "{}/{}", self.numerator, self.denominator),
            }
            places += 1;
        }
        let Some(digits) = self.numerator.checked_mul(scale / self.denominator) else {
            return write!(f, "{}/{}", self.numerator, self.denominator);
        };
        if digits < 0 {
            f.write_str("-")?;
        }
        let digits = format!("{:0>width$}", digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        for (at, digit) in whole.char_indices() {
            if at > 0 && (whole.len() - at) % 3 == 0 {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if places > 0 {
            write!(f, ".{fraction}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn digits_are_exact() {
        let (value, last) = Rational::from_digits("25.96").unwrap();
        assert_eq!(value, Rational::new(2596, 100).unwrap());
        assert_eq!(last.exponent_of_ten(), Some(-2));
        for bad in ["", ".5", "1.2.3", "1,000", "一", &"9".repeat(31)] {
            assert_eq!(Rational::from_digits(bad), None, "{bad}");
        }
    }

    #[test]
    fn numbers_print_as_english_writes_them() {
        let print = |n, d| Rational::new(n, d).unwrap().to_string();
        assert_eq!(print(22_100_000_000, 1), "22,100,000,000");
        assert_eq!(print(2596, 100), "25.96");
        assert_eq!(print(1, 3), "1/3");
        assert_eq!(print(-5, 100), "-0.05");
    }

    proptest! {
        #[test]
        fn order_is_that_of_cross_multiplication(
            a in -10_000_i128..10_000, b in 1_i128..10_000,
            c in -10_000_i128..10_000, d in 1_i128..10_000,
        ) {
            let (left, right) = (Rational::new(a, b).unwrap(), Rational::new(c, d).unwrap());
            prop_assert_eq!(left.cmp(&right), (a * d).cmp(&(c * b)));
            let sum = left.plus(right).unwrap();
            prop_assert_eq!(sum.minus(right).unwrap(), left);
        }
    }
}
