using System.Net;
using System.Text.Json;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;

namespace Freshet.Cli.Peers;

/// <summary>Shows what trackers said.</summary>
internal static class TrackerReportOutput
{
    public static void WriteJson(Utf8JsonWriter writer, InfoHash infoHash, IReadOnlyList<TrackerProbeResult> reports)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", infoHash.ToString());
        writer.WriteStartArray("trackers");
        foreach (TrackerProbeResult report in reports)
            WriteJson(writer, report);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteText(TextWriter output, IReadOnlyList<TrackerProbeResult> reports)
    {
        foreach (TrackerProbeResult report in reports)
        {
            output.WriteLine($"{SafeText.Of(report.Url)}: {SafeText.Of(Describe(report))}");
            if (report.Warning is { } warning)
                output.WriteLine("  it warns: " + SafeText.Of(warning));
            foreach ((IPEndPoint endPoint, PeerId? peerId) in report.Peers)
                output.WriteLine("  " + endPoint + (peerId is { } id ? "  " + PeerIdClient.Identify(id) : ""));
        }

        int peers = reports.SelectMany(report => report.Peers).Select(peer => peer.EndPoint).Distinct().Count();
        int answered = reports.Count(report => report.Succeeded);
        output.WriteLine($"{Words.Count(peers, "peer")} from {answered} of {Words.Count(reports.Count, "tracker")}.");
    }

    private static string Describe(TrackerProbeResult report)
    {
        if (report.Interval is not { } interval)
            return report.Error ?? "";
        string swarm = report is { Seeders: { } seeders, Leechers: { } leechers }
            ? $", of {Words.Count(seeders, "seed")} and {Words.Count(leechers, "leecher")}"
            : "";
        return $"{Words.Count(report.Peers.Length, "peer")}{swarm}, again in {Words.Of(interval)}";
    }

    private static void WriteJson(Utf8JsonWriter writer, TrackerProbeResult report)
    {
        writer.WriteStartObject();
        writer.WriteString("url", report.Url);
        writer.WriteString("error", report.Error);
        writer.WriteString("warning", report.Warning);
        WriteNumber(writer, "interval", (int?)report.Interval?.TotalSeconds);
        WriteNumber(writer, "seeders", report.Seeders);
        WriteNumber(writer, "leechers", report.Leechers);
        writer.WriteStartArray("peers");
        foreach ((IPEndPoint endPoint, PeerId? peerId) in report.Peers)
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

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }
}
