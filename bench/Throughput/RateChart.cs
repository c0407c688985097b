using System.Globalization;
using System.Text;
using Freshet.Core.Rates;

namespace Freshet.Throughput;

/// <summary>Rates against time as SVG for light and dark pages: a panel for each limit, a curve for each side that was limited.</summary>
internal sealed class RateChart
{
    private const int Width = 760;
    private const int Left = 64;
    private const int Right = 16;
    private const int Top = 52;
    private const int PanelHeight = 130;
    private const int BetweenPanels = 62;
    private const double Most = 1.2;
    private const double Tolerance = 0.05;

    private const string Style = """
        <style>
          text { font: 12px system-ui, sans-serif; fill: #24292f; }
          .title { font-size: 14px; font-weight: 600; }
          .axis { stroke: #8c959f; fill: none; }
          .band { fill: #afb8c1; opacity: 0.35; }
          .seed { stroke: #0969da; fill: none; stroke-width: 1.5; }
          .leecher { stroke: #bc4c00; fill: none; stroke-width: 1.5; }
          .seed-name { fill: #0969da; } .leecher-name { fill: #bc4c00; }
          @media (prefers-color-scheme: dark) {
            text { fill: #e6edf3; } .band { fill: #6e7781; }
            .seed { stroke: #58a6ff; } .leecher { stroke: #f0883e; }
            .seed-name { fill: #58a6ff; } .leecher-name { fill: #f0883e; }
          }
        </style>
        """;

    private readonly List<(DataRate Limit, bool IsUpload, IReadOnlyList<(double Second, double Part)> Points)> _curves = [];
    private readonly StringBuilder _svg = new();

    /// <summary>Adds a curve: for each time, in seconds, the rate as a part of the limit.</summary>
    public void Add(DataRate limit, bool isUpload, IReadOnlyList<(double Second, double Part)> points)
    {
        if (points.Count > 0)
            _curves.Add((limit, isUpload, points));
    }

    public string ToSvg()
    {
        DataRate[] limits = [.. _curves.Select(curve => curve.Limit).Distinct()];
        int height = Top + (limits.Length * (PanelHeight + BetweenPanels)) - BetweenPanels + 28;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" role=\"img\">");
        Line($"<title>Rate against time under a limit</title>");
        Line($"{Style}");
        Line($"<text class=\"title\" x=\"{Left}\" y=\"18\">Rate against time under a limit</text>");
        Line($"<text class=\"seed-name\" x=\"{Width - Right - 104}\" y=\"18\" text-anchor=\"end\">seed limited</text>");
        Line($"<text class=\"leecher-name\" x=\"{Width - Right}\" y=\"18\" text-anchor=\"end\">leecher limited</text>");
        for (int i = 0; i < limits.Length; i++)
            Panel(limits[i], Top + (i * (PanelHeight + BetweenPanels)));
        Line($"</svg>");
        return _svg.ToString();
    }

    private void Panel(DataRate limit, int top)
    {
        double seconds = _curves.Where(curve => curve.Limit == limit).Max(curve => curve.Points[^1].Second);
        string caption = string.Create(CultureInfo.InvariantCulture, $"limit {limit.BytesPerSecond / 1000:N0} kB/s");
        Line($"<text x=\"{Left}\" y=\"{top - 8}\">{caption}, each point the mean of a second; grey: 5 % off</text>");
        double high = Y(top, 1 + Tolerance);
        double band = Y(top, 1 - Tolerance) - high;
        Line($"<rect class=\"band\" x=\"{Left}\" width=\"{Width - Left - Right}\" y=\"{high:0.#}\" height=\"{band:0.#}\"/>");
        foreach (double part in (double[])[0, 0.5, 1])
            Line($"<text x=\"{Left - 6}\" y=\"{Y(top, part) + 4:0.#}\" text-anchor=\"end\">{100 * part:0} %</text>");
        Line($"<line class=\"axis\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(top, 0):0.#}\" y2=\"{Y(top, 0):0.#}\"/>");
        foreach ((DataRate curveLimit, bool isUpload, IReadOnlyList<(double Second, double Part)> points) in _curves)
        {
            if (curveLimit == limit)
                Curve(isUpload ? "seed" : "leecher", top, seconds, points);
        }

        for (int mark = 0; mark <= 4; mark++)
        {
            double second = seconds * mark / 4;
            Line($"<text x=\"{X(second, seconds):0.#}\" y=\"{top + PanelHeight + 18}\" text-anchor=\"middle\">{second:0.#} s</text>");
        }
    }

    private void Curve(string name, int top, double seconds, IReadOnlyList<(double Second, double Part)> points)
    {
        _svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{name}\" points=\"");
        int column = 0;
        foreach ((double second, double part) in points)
        {
            _svg.Append(CultureInfo.InvariantCulture, $"{X(second, seconds):0.#},{Y(top, Math.Min(part, Most)):0.#}");
            _svg.Append(++column % 12 == 0 ? '\n' : ' ');
        }

        _svg.Append("\"/>\n");
    }

    private void Line(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private static double X(double second, double seconds) => Left + ((Width - Left - Right) * second / seconds);

    private static double Y(int top, double part) => top + (PanelHeight * (1 - (part / Most)));
}
