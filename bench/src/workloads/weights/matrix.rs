//! Symmetric matrices, as far as Newton's method needs them.

/// A symmetric matrix that is positive definite, as the product of a triangle and its mirror image (Cholesky).
pub struct Triangle {
    /// The lower triangle, row by row; row `n` has `n + 1` numbers.
    rows: Vec<Vec<f64>>,
}

impl Triangle {
    /// Takes a matrix apart; only its lower triangle is read. `None` where it is not positive definite.
    pub fn of(matrix: &[Vec<f64>]) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.len());
        for (number, whole) in matrix.iter().enumerate() {
            let mut row = Vec::with_capacity(number + 1);
            for (value, above) in whole.iter().zip(&rows) {
                let pivot = above.last()?;
                row.push((value - product(&row, above)) / pivot);
            }
            let rest = whole.get(number)? - product(&row, &row);
            if rest.is_nan() || rest <= 0.0 {
                return None;
            }
            row.push(rest.sqrt());
            rows.push(row);
        }
        Some(Self { rows })
    }

    /// What the matrix makes this of.
    pub fn solve(&self, made: &[f64]) -> Vec<f64> {
        let mut half: Vec<f64> = Vec::with_capacity(made.len());
        for (row, value) in self.rows.iter().zip(made) {
            let pivot = row.last().copied().unwrap_or(1.0);
            half.push((value - product(row, &half)) / pivot);
        }
        for number in (0..half.len()).rev() {
            let below: f64 = (number + 1..half.len()).map(|row| self.rows[row][number] * half[row]).sum();
            half[number] = (half[number] - below) / self.rows[number][number];
        }
        half
    }

    /// The diagonal of the inverse.
    pub fn inverse_diagonal(&self) -> Vec<f64> {
        let count = self.rows.len();
        let of = |place: usize| {
            let mut unit = vec![0.0; count];
            unit[place] = 1.0;
            self.solve(&unit)[place]
        };
        (0..count).map(of).collect()
    }
}

/// The sum of the products of what stands at the same places, as far as both reach.
fn product(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_matrix_by_hand() {
        let triangle = Triangle::of(&[vec![4.0, 2.0], vec![2.0, 3.0]]).unwrap();
        let solved = triangle.solve(&[8.0, 8.0]);
        assert!((solved[0] - 1.0).abs() < 1e-12 && (solved[1] - 2.0).abs() < 1e-12, "{solved:?}");
        let diagonal = triangle.inverse_diagonal();
        assert!((diagonal[0] - 0.375).abs() < 1e-12 && (diagonal[1] - 0.5).abs() < 1e-12, "{diagonal:?}");
        assert!(Triangle::of(&[vec![1.0, 2.0], vec![2.0, 1.0]]).is_none());
    }

    proptest! {
        #[test]
        fn what_is_solved_makes_what_was_given(
            entries in proptest::collection::vec(-3.0f64..3.0, 16),
            made in proptest::collection::vec(-9.0f64..9.0, 4),
        ) {
            let rows: Vec<&[f64]> = entries.chunks(4).collect();
            let entry = |row: usize, column: usize| {
                product(rows[row], rows[column]) + if row == column { 1.0 } else { 0.0 }
            };
            let matrix: Vec<Vec<f64>> = (0..4).map(|row| (0..4).map(|column| entry(row, column)).collect()).collect();
            let solved = Triangle::of(&matrix).unwrap().solve(&made);
            for (row, wanted) in matrix.iter().zip(&made) {
                prop_assert!((product(row, &solved) - wanted).abs() < 1e-6);
            }
        }
    }
}
