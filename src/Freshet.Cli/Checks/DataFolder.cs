using Freshet.Core.Metainfo;

namespace Freshet.Cli.Checks;

/// <summary>The folder that a user says a torrent's file or folder lies in.</summary>
internal static class DataFolder
{
    /// <exception cref="CliException">It is not there, or no folder.</exception>
    public static void Require(DirectoryInfo folder)
    {
        if (!folder.Exists)
        {
            string fault = File.Exists(folder.FullName) ? $"{folder} is a file." : $"There is no folder {folder}.";
            throw new CliException(fault, "Name the folder that the torrent's file or folder lies in.");
        }
    }

    /// <summary>What to say to one who has named the torrent's own folder, and not the one that it lies in; null to everybody else.</summary>
    public static string? Hint(TorrentMetainfo metainfo, DirectoryInfo folder) =>
        folder.Parent is { } parent && !HasAny(metainfo, folder) && HasAny(metainfo, parent)
            ? $"Its data seems to lie in {parent.FullName}: name that folder."
            : null;

    private static bool HasAny(TorrentMetainfo metainfo, DirectoryInfo folder) =>
        metainfo.Files.Any(file => !file.IsPadding && File.Exists(Path.Combine(folder.FullName, file.Path)));
}
