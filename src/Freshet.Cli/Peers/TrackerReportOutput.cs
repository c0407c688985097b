using System.Net;
using System.Text.Json;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Cli.Peers;

/// <summary>Shows what trackers said.</summary>
internal static class TrackerReportOutput
{
    public static void WriteJson(IConsoleStreams streams, InfoHash infoHash, IReadOnlyList<TrackerReport> reports) =>
        JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, infoHash, reports));

    public static void WriteText(TextWriter output, IReadOnlyList<TrackerReport> reports)
    {
        foreach (TrackerReport report in reports)
        {
            output.WriteLine($"{SafeText.Of(TrackerUrl.Mask(report.Url))}: {SafeText.Of(Secrets.Mask(Describe(report.Answer)))}");
            if (report.Answer.Warning is { } warning)
                output.WriteLine("  it warns: " + SafeText.Of(Secrets.Mask(warning)));
            foreach ((IPEndPoint endPoint, PeerId? peerId) in report.Answer.Peers)
                output.WriteLine("  " + endPoint + (peerId is { } id ? "  " + PeerIdClient.Identify(id) : ""));
        }

        int peers = reports.SelectMany(report => report.Answer.Peers).Select(peer => peer.EndPoint).Distinct().Count();
        int answered = reports.Count(report => report.Answer.Succeeded);
        output.WriteLine($"{Words.Count(peers, "peer")} from {answered} of {Words.Count(reports.Count, "tracker")}.");
    }

    private static void WriteJson(Utf8JsonWriter writer, InfoHash infoHash, IReadOnlyList<TrackerReport> reports)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", infoHash.ToString());
        writer.WriteStartArray("trackers");
        foreach (TrackerReport report in reports)
            WriteJson(writer, report);
        writer.WriteEndArray();
        writer.WriteEndObject();
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
