using System.Text.Json;
using Freshet.Api;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Cli.State;
using Freshet.Core.Rates;

namespace Freshet.Cli.Daemons;

/// <summary>Shows torrents of a daemon as lines, to people and to scripts.</summary>
internal static class TorrentLines
{
    /// <summary>The number of lines for a torrent.</summary>
    public const int LinesEach = 2;

    public static void Write(IConsoleStreams streams, IReadOnlyList<TorrentItem> torrents, bool json)
    {
        foreach (TorrentItem torrent in torrents)
        {
            if (json)
                ListJson.Write(streams, torrent);
            else
                streams.Out.WriteLine(string.Join('\n', Of(torrent)));
        }

        if (!json)
            streams.Out.WriteLine($"{Words.Count(torrents.Count, "torrent")}.");
    }

    public static void WriteJson(IConsoleStreams streams, JsonElement value) =>
        JsonOutput.Write(streams, JsonOutput.OneLine, value.WriteTo);

    /// <summary>The lines for a torrent.</summary>
    public static string[] Of(TorrentItem torrent)
    {
        string size = torrent.Size is { } bytes ? new ByteSize(bytes).ToString() : "?";
        string rates = torrent.DownloadRate + torrent.UploadRate > 0
            ? $"down {new DataRate(torrent.DownloadRate)}, up {new DataRate(torrent.UploadRate)}; "
            : "";
        return
        [
            $"{torrent.Hash[..8]}  {Words.Percent(torrent.Progress),6}  {size,10}  {SafeText.Of(torrent.Name)}",
            $"          {rates}{SafeText.Of(torrent.Why)}",
        ];
    }
}
