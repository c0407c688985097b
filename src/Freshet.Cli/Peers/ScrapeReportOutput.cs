using System.Collections.Immutable;
using System.Text.Json;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Cli.Peers;

/// <summary>Shows the results of scrapes.</summary>
internal static class ScrapeReportOutput
{
    public static void WriteJson(IConsoleStreams streams, IReadOnlyList<ScrapeReport> reports) =>
        JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, reports));

    /// <summary>A line for each tracker, or for each swarm of each tracker if there are two.</summary>
    public static void WriteText(TextWriter output, ImmutableArray<InfoHash> swarms, IReadOnlyList<ScrapeReport> reports)
    {
        foreach (ScrapeReport report in reports)
        {
            string url = SafeText.Of(TrackerUrl.Mask(report.Url));
            if (report.Answer.Error is { } error)
            {
                output.WriteLine($"{url}: {SafeText.Of(Secrets.Mask(error))}");
                continue;
            }

            foreach (InfoHash swarm in swarms)
            {
                string which = swarms.Length > 1 ? $" {swarm}" : "";
                bool isKnown = report.Answer.Swarms.TryGetValue(swarm, out ScrapedSwarm counts);
                output.WriteLine($"{url}{which}: {(isKnown ? Describe(counts) : "it does not know the torrent")}");
            }
        }
    }

    private static string Describe(ScrapedSwarm counts)
    {
        List<string> words = [];
        if (counts.Seeders is { } seeders)
            words.Add(Words.Count(seeders, "seed"));
        if (counts.Leechers is { } leechers)
            words.Add(Words.Count(leechers, "leecher"));
        if (counts.Downloaded is { } downloaded)
            words.Add($"completed {Words.Count(downloaded, "time")}");
        return words.Count > 0 ? string.Join(", ", words) : "it gave no numbers";
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<ScrapeReport> reports)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("trackers");
        foreach (ScrapeReport report in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("url", TrackerUrl.Mask(report.Url));
            writer.WriteString("error", Secrets.Mask(report.Answer.Error));
            writer.WriteStartArray("swarms");
            foreach ((InfoHash infoHash, ScrapedSwarm counts) in report.Answer.Swarms)
                WriteJson(writer, infoHash, counts);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, InfoHash infoHash, ScrapedSwarm counts)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", infoHash.ToString());
        JsonOutput.WriteNumber(writer, "seeders", counts.Seeders);
        JsonOutput.WriteNumber(writer, "leechers", counts.Leechers);
        JsonOutput.WriteNumber(writer, "downloaded", counts.Downloaded);
        JsonOutput.WriteNumber(writer, "downloaders", counts.Downloaders);
        writer.WriteEndObject();
    }
}
