using System.Net;
using System.Text.Json;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Dht;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Dht;

/// <summary>Shows results of the DHT.</summary>
internal static class DhtOutput
{
    public static void Write(IConsoleStreams streams, InfoHash infoHash, DhtPeers found, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, infoHash, found));
            return;
        }

        foreach (IPEndPoint peer in found.Peers)
            streams.Out.WriteLine(peer);
        streams.Out.WriteLine(
            $"{Words.Count(found.Peers.Length, "peer")} from {Words.Count(found.Answers, "node")} in {Words.Of(found.Duration)}.");
        if (found is { Seeds: { } seeds, Leechers: { } leechers })
            streams.Out.WriteLine($"The nodes know of about {Words.Count(seeds, "seed")} and {Words.Count(leechers, "leecher")}.");
        if (found.Announced > 0)
            streams.Out.WriteLine($"Announced to {Words.Count(found.Announced, "node")}.");
    }

    public static void Write(IConsoleStreams streams, IReadOnlyList<IPEndPoint> endPoints, DhtStatus status, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Write(streams, JsonOutput.OneLine, writer => WriteJson(writer, endPoints, status));
            return;
        }

        streams.Out.WriteLine(
            $"{string.Join(", ", endPoints)}: {Words.Count(status.Nodes + status.Nodes6, "node")}, "
            + $"{Words.Count(status.StoredPeers, "peer")} of {Words.Count(status.StoredHashes, "torrent")} stored.");
        streams.Out.Flush();
    }

    private static void WriteJson(Utf8JsonWriter writer, InfoHash infoHash, DhtPeers found)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", infoHash.ToString());
        writer.WriteStartArray("peers");
        foreach (IPEndPoint peer in found.Peers)
            writer.WriteStringValue(peer.ToString());
        writer.WriteEndArray();
        WriteNumber(writer, "seeders", found.Seeds);
        WriteNumber(writer, "leechers", found.Leechers);
        writer.WriteNumber("queries", found.Queries);
        writer.WriteNumber("answers", found.Answers);
        writer.WriteNumber("announced", found.Announced);
        writer.WriteNumber("rounds", found.Rounds);
        writer.WriteNumber("seconds", Math.Round(found.Duration.TotalSeconds, 3));
        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
        else
            writer.WriteNull(name);
    }

    private static void WriteJson(Utf8JsonWriter writer, IReadOnlyList<IPEndPoint> endPoints, DhtStatus status)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("endpoints");
        foreach (IPEndPoint endPoint in endPoints)
            writer.WriteStringValue(endPoint.ToString());
        writer.WriteEndArray();
        writer.WriteString("id", status.Id);
        writer.WriteString("id6", status.Id6);
        writer.WriteNumber("nodes", status.Nodes);
        writer.WriteNumber("nodes6", status.Nodes6);
        writer.WriteNumber("lookupsCutShort", status.LookupsCutShort);
        writer.WriteNumber("storedHashes", status.StoredHashes);
        writer.WriteNumber("storedPeers", status.StoredPeers);
        writer.WriteNumber("bytesIn", status.BytesIn);
        writer.WriteNumber("bytesOut", status.BytesOut);
        writer.WriteNumber("dropped", status.Dropped);
        writer.WriteEndObject();
    }
}
