using System.Globalization;
using System.Text;
using Freshet.Core.Rates;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// How precisely a limit is kept over real sockets: one session seeds to another, one of them is limited, and the received payload is read
/// repeatedly. The table has the rate of each second, and how far any five seconds were off the limit.
/// </summary>
/// <param name="torrent">What is transferred.</param>
/// <param name="folder">Where the copies are put.</param>
/// <param name="picture">The file to draw the rates to, as SVG; null for none.</param>
internal sealed class Rates(SampleTorrent torrent, string folder, string? picture)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);
    private static readonly DataRate[] Limits = [new(50_000), new(500_000_000)];

    /// <summary>Measures each limit, at the seed and at the leecher, and returns the table.</summary>
    public async Task<string> RunAsync()
    {
        StringBuilder table = new("\n### rates\n\n");
        table.Append("| limit | of | seconds | any 5 s, of the limit | each second, of the limit |\n|---|---|---|---|---|\n");
        RateChart chart = new();
        foreach (DataRate limit in Limits)
        {
            foreach (bool isUpload in new[] { true, false })
            {
                List<(double At, long Bytes)> looks = await MeasureAsync(limit, isUpload);
                table.Append(Row(limit, isUpload, looks));
                chart.Add(limit, isUpload, [.. PointsOf(looks, limit)]);
            }
        }

        if (picture is not null)
            await File.WriteAllTextAsync(picture, chart.ToSvg());
        return table.ToString();
    }

    private static string Row(DataRate limit, bool isUpload, List<(double At, long Bytes)> looks)
    {
        List<double> windows = RatesOver(looks, Window.TotalSeconds, limit);
        string any = windows.Count == 0
            ? $"less than {Window.TotalSeconds} s of data"
            : string.Create(CultureInfo.InvariantCulture, $"{windows.Min():0.0 %} to {windows.Max():0.0 %}");
        List<string> seconds = [];
        for (double from = looks[0].At; from + 1 <= looks[^1].At; from++)
        {
            double rate = (BytesAt(looks, from + 1) - BytesAt(looks, from)) / limit.BytesPerSecond;
            seconds.Add(rate.ToString("0 %", CultureInfo.InvariantCulture));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {limit.BytesPerSecond / 1000:N0} kB/s | {(isUpload ? "seed" : "leecher")} | {looks[^1].At - looks[0].At:0.0} | {any} | ")
            + string.Join(", ", seconds) + " |\n";
    }

    // For each interval of that length that begins with a reading.
    private static List<double> RatesOver(List<(double At, long Bytes)> looks, double seconds, DataRate limit)
    {
        List<double> rates = [];
        foreach ((double at, long bytes) in looks)
        {
            if (at + seconds <= looks[^1].At)
                rates.Add((BytesAt(looks, at + seconds) - bytes) / (seconds * limit.BytesPerSecond));
        }

        return rates;
    }

    // The mean of the second before each point; of what there is of it at the beginning.
    private static IEnumerable<(double Second, double Part)> PointsOf(List<(double At, long Bytes)> looks, DataRate limit)
    {
        double first = looks[0].At;
        for (double at = first + Step.TotalSeconds; at <= looks[^1].At; at += Step.TotalSeconds)
        {
            double from = Math.Max(first, at - 1);
            yield return (at - first, (BytesAt(looks, at) - BytesAt(looks, from)) / ((at - from) * limit.BytesPerSecond));
        }
    }

    // Between two readings, payload is assumed to have come evenly.
    private static double BytesAt(List<(double At, long Bytes)> looks, double at)
    {
        int next = looks.FindIndex(look => look.At >= at);
        if (next <= 0)
            return looks[Math.Max(next, 0)].Bytes;
        ((double before, long had), (double after, long has)) = (looks[next - 1], looks[next]);
        return had + ((has - had) * (at - before) / (after - before));
    }

    private async Task<List<(double At, long Bytes)>> MeasureAsync(DataRate limit, bool isUpload)
    {
        string copy = Directory.CreateDirectory(Path.Combine(folder, "output")).FullName;
        try
        {
            await using Session seed = await StartAsync(torrent.DataFolder, new SessionOptions { MaxUploadRate = isUpload ? limit : null });
            Torrent source = await seed.AddAsync(TorrentSource.File(torrent.TorrentPath));
            await source.Completion.WaitAsync(Bound);
            await using Session leecher = await StartAsync(copy, new SessionOptions { MaxDownloadRate = isUpload ? null : limit });
            Torrent leech = await leecher.AddAsync(
                TorrentSource.File(torrent.TorrentPath), new TorrentOptions { Peers = [.. seed.ListenEndPoints] });
            return await LookAsync(leech, limit);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    // The status changes a few times per second, and only a change counts as a reading. The last second belongs to the endgame.
    private async Task<List<(double At, long Bytes)>> LookAsync(Torrent leech, DataRate limit)
    {
        List<(double At, long Bytes)> looks = [];
        long enough = torrent.Length - Math.Min(limit.BytesPerSecond / 2, torrent.Length / 2);
        double begin = PeerClient.Now;
        while (looks.Count == 0 || looks[^1].At - looks[0].At < Longest.TotalSeconds)
        {
            long bytes = leech.Status.Downloaded.Bytes;
            if (bytes >= enough)
                break;
            if (bytes > 0 && (looks.Count == 0 || bytes > looks[^1].Bytes))
                looks.Add((PeerClient.Now, bytes));
            if (looks.Count == 0 && PeerClient.Now - begin > Bound.TotalSeconds)
                throw new TimeoutException("Nothing came.");
            await Task.Delay(BetweenLooks);
        }

        return looks;
    }

    private static Task<Session> StartAsync(string data, SessionOptions options) => Session.StartAsync(options with
    {
        DownloadFolder = data,
        StateFolder = null,
        BindAddress = Loopback.NextAddress(),
        ListenPort = 0,
    });
}
