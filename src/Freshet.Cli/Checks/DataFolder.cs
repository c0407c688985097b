using Freshet.Core.Metainfo;

namespace Freshet.Cli.Checks;

/// <summary>The output folder of a torrent whose data should exist.</summary>
internal static class DataFolder
{
    /// <exception cref="CliException">It does not exist, or is not a folder.</exception>
    public static void Require(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            string fault = File.Exists(folder.FullName) ? $"{folder} is a file." : $"There is no folder {folder}.";
            throw new CliException(fault, "Name the folder that holds the torrent's file or folder with -o.");
        }
    }

    /// <summary>Advice for a user who has named the torrent's own folder instead of the one that holds it; null in other cases.</summary>
    public static string? Hint(TorrentMetainfo metainfo, DirectoryInfo folder) =>
        folder.Parent is { } parent && !HasAny(metainfo, folder) && HasAny(metainfo, parent)
            ? $"Its data seems to be in {parent.FullName}: name that folder with -o."
            : null;

    private static bool HasAny(TorrentMetainfo metainfo, DirectoryInfo folder) =>
        metainfo.Files.Any(file => !file.IsPadding && File.Exists(Path.Combine(folder.FullName, file.Path)));
}
