using System.Net;
using System.Text.Json;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Cli.Peers;

/// <summary>Shows the results of trackers, the DHT and the local networks.</summary>
internal static class SwarmReportOutput
{
    public static void WriteJson(IConsoleStreams streams, SwarmReport report) =>
        JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, report));

    public static void WriteText(TextWriter output, SwarmReport report)
    {
        foreach (TrackerReport tracker in report.Trackers)
            WriteText(output, tracker);
        if (report.Dht is { } dht)
        {
            output.WriteLine($"The DHT: {Describe(dht)}");
            WriteText(output, dht.Peers);
        }

        if (report.Local is { } local)
        {
            output.WriteLine($"The local networks: {Words.Count(local.Peers.Length, "peer")} in {Words.Of(local.Time)}");
            WriteText(output, local.Peers);
        }

        IEnumerable<IPEndPoint> peers = report.Trackers.SelectMany(static tracker => tracker.Answer.Peers)
            .Select(static peer => peer.EndPoint).Concat(report.Dht?.Peers ?? []).Concat(report.Local?.Peers ?? []);
        output.WriteLine($"{Words.Count(peers.Distinct().Count(), "peer")} from {string.Join(", ", SourcesOf(report))}.");
    }

    private static void WriteText(TextWriter output, TrackerReport report)
    {
        output.WriteLine($"{SafeText.Of(TrackerUrl.Mask(report.Url))}: {SafeText.Of(Secrets.Mask(Describe(report.Answer)))}");
        if (report.Answer.Warning is { } warning)
            output.WriteLine("  it warns: " + SafeText.Of(Secrets.Mask(warning)));
        foreach ((IPEndPoint endPoint, PeerId? peerId) in report.Answer.Peers)
            output.WriteLine("  " + endPoint + (peerId is { } id ? "  " + PeerIdClient.Identify(id) : ""));
    }

    private static void WriteText(TextWriter output, IEnumerable<IPEndPoint> peers)
    {
        foreach (IPEndPoint peer in peers)
            output.WriteLine($"  {peer}");
    }

    private static IEnumerable<string> SourcesOf(SwarmReport report)
    {
        if (!report.Trackers.IsEmpty)
        {
            int answered = report.Trackers.Count(static tracker => tracker.Answer.Succeeded);
            yield return $"{answered} of {Words.Count(report.Trackers.Length, "tracker")}";
        }

        if (report.Dht is not null)
            yield return "the DHT";
        if (report.Local is not null)
            yield return "the local networks";
    }

    private static string Describe(DhtPeers dht)
    {
        if (dht.Answers == 0)
            return "no node answered; name one with --dht-bootstrap HOST:PORT";
        string swarm = dht is { Seeds: { } seeds, Leechers: { } leechers }
            ? $", of about {Words.Count(seeds, "seed")} and {Words.Count(leechers, "leecher")}"
            : "";
        return $"{Words.Count(dht.Peers.Length, "peer")} from {Words.Count(dht.Answers, "node")}{swarm}";
    }

    private static string Describe(TrackerAnnounceResult answer)
    {
        if (answer.Interval is not { } interval)
            return answer.Error ?? "";
        string swarm = answer is { Seeders: { } seeders, Leechers: { } leechers }
            ? $", of {Words.Count(seeders, "seed")} and {Words.Count(leechers, "leecher")}"
            : "";
        return $"{Words.Count(answer.Peers.Length, "peer")}{swarm}, again in {Words.Of(interval)}";
    }

    private static void WriteJson(Utf8JsonWriter writer, SwarmReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", report.InfoHash.ToString());
        writer.WriteStartArray("trackers");
        foreach (TrackerReport tracker in report.Trackers)
            WriteJson(writer, tracker);
        writer.WriteEndArray();
        if (report.Dht is { } dht)
        {
            writer.WriteStartObject("dht");
            JsonOutput.WriteNumber(writer, "seeders", dht.Seeds);
            JsonOutput.WriteNumber(writer, "leechers", dht.Leechers);
            writer.WriteNumber("queries", dht.Queries);
            writer.WriteNumber("answers", dht.Answers);
            WritePeers(writer, dht.Peers);
            writer.WriteEndObject();
        }

        if (report.Local is { } local)
        {
            writer.WriteStartObject("local");
            writer.WriteNumber("seconds", local.Time.TotalSeconds);
            WritePeers(writer, local.Peers);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WritePeers(Utf8JsonWriter writer, IEnumerable<IPEndPoint> peers)
    {
        writer.WriteStartArray("peers");
        foreach (IPEndPoint peer in peers)
        {
            writer.WriteStartObject();
            writer.WriteString("endpoint", peer.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteJson(Utf8JsonWriter writer, TrackerReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("url", TrackerUrl.Mask(report.Url));
        writer.WriteString("error", Secrets.Mask(report.Answer.Error));
        writer.WriteString("warning", Secrets.Mask(report.Answer.Warning));
        JsonOutput.WriteNumber(writer, "interval", (int?)report.Answer.Interval?.TotalSeconds);
        JsonOutput.WriteNumber(writer, "seeders", report.Answer.Seeders);
        JsonOutput.WriteNumber(writer, "leechers", report.Answer.Leechers);
        writer.WriteStartArray("peers");
        foreach ((IPEndPoint endPoint, PeerId? peerId) in report.Answer.Peers)
        {
            writer.WriteStartObject();
            writer.WriteString("endpoint", endPoint.ToString());
            writer.WriteString("peerId", peerId?.ToString());
            writer.WriteString("client", peerId is { } id ? PeerIdClient.Identify(id).ToString() : null);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
