using Freshet.Cli.Output;

namespace Freshet.Cli.State;

/// <summary>Shows the records of a state folder to people.</summary>
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

    private static string Done(SavedTorrent torrent) =>
        torrent.VerifiedPieces is { } verified && torrent.PieceCount > 0 ? Words.Percent((double)verified / torrent.PieceCount) : "?";
}
