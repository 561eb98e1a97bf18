//! Growth on a log-log scale: its slope, and a plot of it.

use std::fmt::{Result, Write as _};

/// What something takes as what it works on grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// What it is.
    pub name: String,
    /// How much there was, and what it took; in ascending order, all above zero.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// The exponent of growth: the slope of the straight line that comes closest on a log-log scale (least squares). None for fewer than two
    /// different amounts.
    #[must_use]
    pub fn slope(&self) -> Option<f64> {
        let logs: Vec<(f64, f64)> = self.points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
        let count = logs.len() as f64;
        let mean = |of: fn(&(f64, f64)) -> f64| logs.iter().map(of).sum::<f64>() / count;
        let (x, y) = (mean(|p| p.0), mean(|p| p.1));
        let across: f64 = logs.iter().map(|p| (p.0 - x) * (p.1 - y)).sum();
        let wide: f64 = logs.iter().map(|p| (p.0 - x) * (p.0 - x)).sum();
        (wide > 0.0).then(|| across / wide)
    }

    /// What n log n would have taken for the same amounts, from the same start; logarithms count from the smallest amount's own.
    #[must_use]
    pub fn n_log_n(&self) -> Self {
        let first = self.points.first().copied().unwrap_or((1.0, 1.0));
        let grown = |x: f64| first.1 * (x * x.ln()) / (first.0 * first.0.ln());
        Self { name: "n log n".to_owned(), points: self.points.iter().map(|(x, _)| (*x, grown(*x))).collect() }
    }

    /// As multiples of the first point.
    fn relative(&self) -> Vec<(f64, f64)> {
        let first = self.points.first().copied().unwrap_or((1.0, 1.0));
        self.points.iter().map(|(x, y)| (x / first.0, y / first.1)).collect()
    }
}

/// Colours that people with any sight tell apart (Okabe and Ito).
const COLOURS: [&str; 7] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];
const WIDTH: f64 = 860.0;
const HEIGHT: f64 = 520.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 210.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;

/// Where a multiple stands.
struct Scale {
    /// Powers of ten to the right, below, and above one.
    decades: [f64; 3],
}

impl Scale {
    fn new(all: &[Vec<(f64, f64)>]) -> Self {
        let points = || all.iter().flatten();
        let most = |of: fn(&(f64, f64)) -> f64| points().map(of).fold(1.0, f64::max).log10().ceil().max(1.0);
        let least = points().map(|p| p.1).fold(1.0, f64::min).log10().floor();
        Self { decades: [most(|p| p.0), least, most(|p| p.1)] }
    }

    fn x(&self, times: f64) -> f64 {
        LEFT + (WIDTH - LEFT - RIGHT) * times.log10() / self.decades[0]
    }

    fn y(&self, times: f64) -> f64 {
        let share = (times.log10() - self.decades[1]) / (self.decades[2] - self.decades[1]);
        HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share
    }
}

/// A plot of curves as multiples of where they start, beside straight growth and n log n of the first curve's amounts; an SVG document.
#[must_use]
pub fn plot(title: &str, across: &str, curves: &[Curve]) -> String {
    let mut svg = String::new();
    // Writing to a string cannot fail.
    let _ = draw(&mut svg, title, across, curves);
    svg
}

fn draw(svg: &mut String, title: &str, across: &str, curves: &[Curve]) -> Result {
    let guide = curves.first().map(Curve::n_log_n).unwrap_or(Curve { name: "n log n".to_owned(), points: vec![] });
    let mut all: Vec<Vec<(f64, f64)>> = curves.iter().map(Curve::relative).collect();
    all.push(guide.relative());
    let scale = Scale::new(&all);
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <rect width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#ffffff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"15\">{}</text>",
        escaped(title)
    )?;
    axes(svg, &scale, across)?;
    let names: Vec<&str> = curves.iter().map(|curve| curve.name.as_str()).chain([guide.name.as_str()]).collect();
    let ends: Vec<f64> = all.iter().map(|points| points.last().map_or(0.0, |p| scale.y(p.1))).collect();
    let labels = apart(&ends);
    for (number, (name, points)) in names.iter().zip(&all).enumerate() {
        let dashed = number == curves.len();
        let colour = if dashed { "#777777" } else { COLOURS[number % COLOURS.len()] };
        curve(svg, &scale, points, (colour, dashed))?;
        let x = points.last().map_or(LEFT, |p| scale.x(p.0)) + 12.0;
        writeln!(
            svg,
            "<text x=\"{x:.1}\" y=\"{:.1}\" fill=\"{colour}\">{}</text>",
            labels[number] + 4.0,
            escaped(name)
        )?;
    }
    writeln!(svg, "</svg>")
}

fn curve(svg: &mut String, scale: &Scale, points: &[(f64, f64)], (colour, dashed): (&str, bool)) -> Result {
    let places: Vec<String> = points.iter().map(|(x, y)| format!("{:.1},{:.1}", scale.x(*x), scale.y(*y))).collect();
    let dashes = if dashed { " stroke-dasharray=\"6 4\"" } else { "" };
    writeln!(
        svg,
        "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>",
        places.join(" ")
    )?;
    for (x, y) in points.iter().filter(|_| !dashed) {
        writeln!(svg, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>", scale.x(*x), scale.y(*y))?;
    }
    Ok(())
}

fn axes(svg: &mut String, scale: &Scale, across: &str) -> Result {
    let (floor, right) = (HEIGHT - BOTTOM, WIDTH - RIGHT);
    let [wide, low, high] = scale.decades.map(|decades| decades as i32);
    for power in 0..=wide {
        let (times, x) = (10_f64.powi(power), scale.x(10_f64.powi(power)));
        writeln!(svg, "<line x1=\"{x:.1}\" y1=\"{TOP}\" x2=\"{x:.1}\" y2=\"{floor}\" stroke=\"#dddddd\"/>")?;
        writeln!(svg, "<text x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{times}×</text>", floor + 18.0)?;
    }
    for power in low..=high {
        let (times, y) = (10_f64.powi(power), scale.y(10_f64.powi(power)));
        writeln!(svg, "<line x1=\"{LEFT}\" y1=\"{y:.1}\" x2=\"{right}\" y2=\"{y:.1}\" stroke=\"#dddddd\"/>")?;
        writeln!(svg, "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{times}×</text>", LEFT - 8.0, y + 4.0)?;
    }
    let middle = f64::midpoint(LEFT, right);
    writeln!(svg, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>", HEIGHT - 10.0, escaped(across))
}

/// The same heights, moved down where they would stand on one another.
fn apart(heights: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..heights.len()).collect();
    order.sort_by(|a, b| heights[*a].total_cmp(&heights[*b]));
    let mut moved = heights.to_vec();
    for pair in order.windows(2) {
        moved[pair[1]] = moved[pair[1]].max(moved[pair[0]] + 16.0);
    }
    moved
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(name: &str, by: impl Fn(f64) -> f64) -> Curve {
        Curve { name: name.to_owned(), points: [1e3, 1e4, 1e5, 1e6].map(|x| (x, by(x))).to_vec() }
    }

    #[test]
    fn slopes_are_exponents() {
        for power in [0.0, 0.5, 1.0, 2.0] {
            let slope = grown("it", |x| 3.0 * x.powf(power)).slope();
            assert!(slope.is_some_and(|slope| (slope - power).abs() < 1e-9), "{power}: {slope:?}");
        }
        assert_eq!(Curve { name: "it".to_owned(), points: vec![(7.0, 1.0)] }.slope(), None);
    }

    #[test]
    fn n_log_n_is_between_straight_and_square() {
        let slope = grown("it", |x| 5.0 * x).n_log_n().slope();
        assert!(slope.is_some_and(|slope| slope > 1.05 && slope < 1.2), "{slope:?}");
    }

    #[test]
    fn a_plot_has_a_line_for_each_curve_and_one_for_n_log_n() {
        let svg = plot("a < b", "accounts", &[grown("parse", |x| x), grown("decide", |_| 40.0)]);
        assert_eq!(svg.matches("<polyline").count(), 3);
        assert_eq!(svg.matches("<circle").count(), 8);
        assert!(svg.contains("a &lt; b") && svg.contains(">parse</text>") && !svg.contains("NaN"), "{svg}");
    }
}
