using System.Globalization;
using System.Text;
using Freshet.Interop.Clients;

namespace Freshet.Throughput;

/// <summary>The results of all runs of one kind of measurement, and the table of their medians.</summary>
internal sealed class Results(string title, BenchOptions options)
{
    private const double MiB = 1024 * 1024;
    private const double GiB = 1024 * MiB;

    private static readonly string[] Columns =
    [
        "client", "runs", "wall s", "transfer s", "MiB/s (range)", "to the best other", "CPU-s/GiB", "to the best other",
        "peak RSS MiB", "peak own MiB", "came twice", "sent in vain", "to the ideal",
    ];

    private readonly Dictionary<Contender, List<Figures>> _figures = [];

    public void Add(Contender contender, Figures figures)
    {
        if (!_figures.TryGetValue(contender, out List<Figures>? list))
            _figures.Add(contender, list = []);
        list.Add(figures);
    }

    /// <summary>One line for each contender; in each column, the ratio is to the best client that is not Freshet.</summary>
    public string ToMarkdown()
    {
        StringBuilder table = new($"\n### {title}{Shape()}\n\n");
        table.Append("| ").AppendJoin(" | ", Columns).Append(" |\n|").Insert(table.Length, "---|", Columns.Length).Append('\n');
        (Contender Contender, List<Figures> Runs)[] others = [.. _figures.Where(pair => pair.Key.Kind != ClientKind.Freshet)
            .Select(pair => (pair.Key, pair.Value))];
        double? bestRate = others.Length > 0 ? others.Max(other => RateOf(other.Runs)) : null;
        double? leastCpu = others.Length > 0 ? others.Min(other => CpuOf(other.Runs)) : null;
        foreach ((Contender contender, List<Figures> runs) in _figures)
        {
            string[] cells =
            [
                contender.Label,
                Text(runs.Count, "0"),
                Text(Median(runs, run => run.Wall), "0.000"),
                runs[0].Transfer is null ? "" : Text(Median(runs, run => run.Transfer!.Value), "0.000"),
                $"{Text(RateOf(runs), "0")} ({Text(Rate(runs.Max(SecondsOf)), "0")}..{Text(Rate(runs.Min(SecondsOf)), "0")})",
                Ratio(RateOf(runs), bestRate),
                Text(CpuOf(runs), "0.00"),
                Ratio(CpuOf(runs), leastCpu),
                Text(Median(runs, run => run.PeakResident) / MiB, "0.0"),
                Text(Median(runs, run => run.PeakAnonymous) / MiB, "0.0"),
                runs[0].Twice is null ? "" : Percent(Median(runs, run => run.Twice!.Value)),
                runs[0].Wasted is null ? "" : Percent(Median(runs, run => run.Wasted!.Value)),
                runs[0].Ideal is { } ideal ? Ratio(Median(runs, SecondsOf), ideal) : "",
            ];
            table.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
        }

        return table.ToString();
    }

    private string Shape()
    {
        string line = options.Line is { } drawn ? $", line of {drawn.Rate} and {drawn.RoundTrip.TotalMilliseconds:0} ms" : "";
        string busy = options.Busy > 0 ? string.Create(CultureInfo.InvariantCulture, $", beside {options.Busy} busy processes") : "";
        string cold = options.IsCold ? ", cold" : "";
        return string.Create(CultureInfo.InvariantCulture, $", pieces of {options.PieceKiB} KiB{line}{busy}{cold}");
    }

    private double Rate(double seconds) => options.Length / MiB / seconds;

    private double RateOf(List<Figures> runs) => Rate(Median(runs, SecondsOf));

    private static double SecondsOf(Figures run) => run.Seconds;

    private double CpuOf(List<Figures> runs) => Median(runs, run => run.Cpu) / (options.Length / GiB);

    private static string Ratio(double value, double? other) => other is > 0 ? $"×{Text(value / other.Value, "0.00")}" : "";

    private static string Percent(double part) => Text(part * 100, "0.00") + " %";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double Median(List<Figures> runs, Func<Figures, double> value)
    {
        double[] sorted = [.. runs.Select(value).Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
