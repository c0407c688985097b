using System.Globalization;
using System.Text;

namespace Freshet.Benchmarks.Curves;

/// <summary>Two panels over one time axis, as SVG for light and dark pages: rates above, queueing delay below.</summary>
internal sealed class LineChart(string title, int megabits, IReadOnlyList<LineSample> samples)
{
    private const int Width = 760;
    private const int Left = 56;
    private const int Right = 16;
    private const int RateTop = 44;
    private const int RateHeight = 170;
    private const int QueueTop = 258;
    private const int QueueHeight = 110;
    private const int Height = 408;

    private const string Style = """
        <style>
          text { font: 12px system-ui, sans-serif; fill: #24292f; }
          .title { font-size: 14px; font-weight: 600; }
          .axis { stroke: #8c959f; fill: none; }
          .grid { stroke: #d0d7de; stroke-dasharray: 2 4; }
          .first { stroke: #0969da; fill: none; stroke-width: 1.5; }
          .second { stroke: #bc4c00; fill: none; stroke-width: 1.5; }
          .queue { stroke: #6e7781; fill: none; stroke-width: 1.5; }
          .first-name { fill: #0969da; } .second-name { fill: #bc4c00; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; } .grid { stroke: #30363d; }
            .first { stroke: #58a6ff; } .second { stroke: #f0883e; } .queue { stroke: #9ea7b3; }
            .first-name { fill: #58a6ff; } .second-name { fill: #f0883e; }
          }
        </style>
        """;

    private readonly double _seconds = samples[^1].Seconds;
    private readonly StringBuilder _svg = new();

    /// <summary>The name of the first flow.</summary>
    public required string First { get; init; }

    /// <summary>The name of the second flow; null if there is none.</summary>
    public string? Second { get; init; }

    public string ToSvg()
    {
        double mostQueue = Math.Max(100, Math.Ceiling(samples.Max(static sample => sample.QueueMilliseconds) / 50) * 50);
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" role=\"img\">");
        Line($"<title>{title}</title>");
        Line($"{Style}");
        Line($"<text class=\"title\" x=\"{Left}\" y=\"18\">{title}</text>");
        Panel(RateTop, RateHeight, megabits, "Mbit/s");
        Panel(QueueTop, QueueHeight, mostQueue, "queueing delay, ms");
        Legend();
        if (Second is not null)
            Curve("second", RateTop, RateHeight, megabits, static sample => sample.Second);
        Curve("first", RateTop, RateHeight, megabits, static sample => sample.First);
        Curve("queue", QueueTop, QueueHeight, mostQueue, static sample => sample.QueueMilliseconds);
        Times();
        Line($"</svg>");
        return _svg.ToString();
    }

    private void Line(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Panel(int top, int height, double most, string unit)
    {
        Line($"<text x=\"{Left}\" y=\"{top - 6}\">{unit}</text>");
        foreach (double part in (double[])[0, 0.5, 1])
        {
            double y = top + (height * (1 - part));
            Line($"<line class=\"{(part == 0 ? "axis" : "grid")}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\"/>");
            Line($"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{most * part:0.#}</text>");
        }
    }

    private void Legend()
    {
        Line($"<text class=\"first-name\" x=\"{Width - Right}\" y=\"18\" text-anchor=\"end\">{First}</text>");
        if (Second is not null)
            Line($"<text class=\"second-name\" x=\"{Width - Right - 64}\" y=\"18\" text-anchor=\"end\">{Second}</text>");
    }

    private void Times()
    {
        const int Marks = 4;
        for (int mark = 0; mark <= Marks; mark++)
        {
            double seconds = _seconds * mark / Marks;
            Line($"<text x=\"{X(seconds):0.#}\" y=\"{QueueTop + QueueHeight + 18}\" text-anchor=\"middle\">{seconds:0} s</text>");
        }
    }

    private void Curve(string name, int top, int height, double most, Func<LineSample, double> value)
    {
        _svg.Append($"<polyline class=\"{name}\" points=\"");
        int column = 0;
        foreach (LineSample sample in samples)
        {
            double y = top + (height * (1 - Math.Min(value(sample) / most, 1)));
            _svg.Append(CultureInfo.InvariantCulture, $"{X(sample.Seconds):0.#},{y:0.#}").Append(++column % 12 == 0 ? '\n' : ' ');
        }

        _svg.Append("\"/>\n");
    }

    private double X(double seconds) => Left + ((Width - Left - Right) * seconds / _seconds);
}
