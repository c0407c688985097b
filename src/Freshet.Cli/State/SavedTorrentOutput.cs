using System.Globalization;
using System.Text.Json;
using Freshet.Cli.Output;

namespace Freshet.Cli.State;

/// <summary>Shows the records of a state folder.</summary>
internal static class SavedTorrentOutput
{
    public static void WriteText(TextWriter output, IReadOnlyList<SavedTorrent> torrents, string folder)
    {
        foreach (SavedTorrent torrent in torrents)
        {
            string name = torrent.Name is null ? "(unreadable)" : SafeText.Of(torrent.Name);
            output.WriteLine($"{torrent.InfoHash}  {Done(torrent),6}  {torrent.Size,10}  {name}");
            if (torrent.Folder is { } path)
                output.WriteLine($"    in {SafeText.Of(path)}; {torrent.Totals.Downloaded} downloaded, {torrent.Totals.Uploaded} uploaded");
            if (torrent.Warning is { } warning)
                output.WriteLine("    warning: " + SafeText.Of(warning));
        }

        output.WriteLine($"{Words.Count(torrents.Count, "torrent")} in the state folder {folder}.");
    }

    public static void WriteJson(Utf8JsonWriter writer, SavedTorrent torrent)
    {
        writer.WriteStartObject();
        writer.WriteString("infoHash", torrent.InfoHash.ToString());
        writer.WriteString("name", torrent.Name);
        writer.WriteNumber("size", torrent.Size.Bytes);
        writer.WriteString("folder", torrent.Folder);
        writer.WriteNumber("pieceCount", torrent.PieceCount);
        if (torrent.VerifiedPieces is { } verified)
            writer.WriteNumber("verifiedPieces", verified);
        else
            writer.WriteNull("verifiedPieces");
        writer.WriteString("added", Time(torrent.AddedAt));
        writer.WriteString("completed", Time(torrent.CompletedAt));
        writer.WriteNumber("downloaded", torrent.Totals.Downloaded.Bytes);
        writer.WriteNumber("uploaded", torrent.Totals.Uploaded.Bytes);
        writer.WriteNumber("activeSeconds", (long)torrent.Totals.ActiveTime.TotalSeconds);
        writer.WriteNumber("seedingSeconds", (long)torrent.Totals.SeedingTime.TotalSeconds);
        writer.WriteString("warning", torrent.Warning);
        writer.WriteEndObject();
    }

    private static string Done(SavedTorrent torrent) =>
        torrent.VerifiedPieces is { } verified && torrent.PieceCount > 0 ? Words.Percent((double)verified / torrent.PieceCount) : "?";

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
