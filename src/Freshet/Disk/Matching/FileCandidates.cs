using Freshet.Core.Metainfo;

namespace Freshet.Disk.Matching;

/// <summary>The files below some folders that have the length of one of a torrent's files. Links are not followed.</summary>
internal sealed class FileCandidates
{
    private readonly Dictionary<long, List<string>> _byLength = [];

    /// <exception cref="FreshetException">A folder cannot be read, or there are too many files.</exception>
    public static FileCandidates Find(TorrentMetainfo metainfo, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        FileCandidates found = new();
        foreach (TorrentFile file in metainfo.Files)
        {
            if (FileMatching.IsStored(file))
                found._byLength[file.Length] = [];
        }

        int seen = 0;
        foreach (string folder in folders)
            found.Add(folder, ref seen, cancellationToken);
        return found;
    }

    /// <summary>The files that a file of the torrent may be: those with its name first, then those with its extension.</summary>
    public IReadOnlyList<string> Of(TorrentFile file)
    {
        string name = Path.GetFileName(file.Path);
        return [.. _byLength[file.Length].OrderBy(Rank).ThenBy(path => path, StringComparer.Ordinal).Take(MatchLimits.MaxCandidates)];

        int Rank(string path) =>
            Path.GetFileName(path) == name ? 0
            : string.Equals(Path.GetExtension(path), Path.GetExtension(name), StringComparison.OrdinalIgnoreCase) ? 1 : 2;
    }

    private void Add(string folder, ref int seen, CancellationToken cancellationToken)
    {
        EnumerationOptions all = new()
        {
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
            RecurseSubdirectories = true,
        };
        try
        {
            foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", all))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (++seen > MatchLimits.MaxFiles)
                    throw new FreshetException(
                        FreshetError.Storage, $"There are more than {MatchLimits.MaxFiles:N0} files to look at; name a smaller folder.");
                if (file.Exists && _byLength.TryGetValue(file.Length, out List<string>? paths))
                    paths.Add(file.FullName);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{folder} cannot be searched: {e.Message}", e);
        }
    }
}
