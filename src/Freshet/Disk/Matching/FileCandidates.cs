using System.Runtime.InteropServices;
using Freshet.Core.Metainfo;

namespace Freshet.Disk.Matching;

/// <summary>The files below some folders that have the length of one of a torrent's files. Links are not followed.</summary>
internal sealed class FileCandidates
{
    private readonly HashSet<long> _lengths;
    private readonly Dictionary<long, List<string>> _byLength = [];
    private readonly Dictionary<(long Length, string Name), List<string>> _byName = [];
    private readonly Dictionary<(long Length, string Extension), List<string>> _byExtension = [];

    private FileCandidates(HashSet<long> lengths) => _lengths = lengths;

    /// <exception cref="FreshetException">A folder cannot be read, or there are too many files.</exception>
    public static FileCandidates Find(TorrentMetainfo metainfo, IReadOnlyList<string> folders, CancellationToken cancellationToken)
    {
        FileCandidates found = new([.. metainfo.Files.Where(FileMatching.IsStored).Select(file => file.Length)]);
        List<(long Length, string Path)> files = [];
        int seen = 0;
        foreach (string folder in folders)
            found.Add(folder, files, ref seen, cancellationToken);
        files.Sort(static (a, b) => string.CompareOrdinal(a.Path, b.Path));
        foreach ((long length, string path) in files)
        {
            ListOf(found._byLength, length).Add(path);
            ListOf(found._byName, (length, Path.GetFileName(path))).Add(path);
            ListOf(found._byExtension, (length, ExtensionOf(path))).Add(path);
        }

        return found;
    }

    /// <summary>The files that a file of the torrent may be: those with its name first, then those with its extension.</summary>
    public IReadOnlyList<string> Of(TorrentFile file)
    {
        if (!_byLength.TryGetValue(file.Length, out List<string>? all))
            return [];
        IEnumerable<string> named = _byName.GetValueOrDefault((file.Length, Path.GetFileName(file.Path))) ?? [];
        IEnumerable<string> alike = _byExtension.GetValueOrDefault((file.Length, ExtensionOf(file.Path))) ?? [];
        return [.. named.Concat(alike).Concat(all).Distinct().Take(MatchLimits.MaxCandidates)];
    }

    private static string ExtensionOf(string path) => Path.GetExtension(path).ToUpperInvariant();

    private static List<string> ListOf<TKey>(Dictionary<TKey, List<string>> lists, TKey key)
        where TKey : notnull => CollectionsMarshal.GetValueRefOrAddDefault(lists, key, out _) ??= [];

    private void Add(string folder, List<(long Length, string Path)> files, ref int seen, CancellationToken cancellationToken)
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
                if (file.Exists && _lengths.Contains(file.Length))
                    files.Add((file.Length, file.FullName));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{folder} cannot be searched: {e.Message}", e);
        }
    }
}
