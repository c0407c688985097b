using System.Collections.Concurrent;
using System.Collections.Immutable;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Security;

/// <summary>
/// The folders that paths in requests must lie in, after resolving dots and following links, as far as the path exists. The daemon's own
/// files, such as its token, are out of reach even there.
/// </summary>
/// <param name="folders">The allowed folders.</param>
/// <param name="watched">The watch folders.</param>
/// <param name="own">The state folder and the configuration's file.</param>
internal sealed class AllowedFolders(IEnumerable<string> folders, IEnumerable<string> watched, params string[] own)
{
    // Where watch folders, and what is the daemon's own, lay when their disks last responded.
    private readonly ConcurrentDictionary<string, string> _seen = new(StringComparer.Ordinal);

    /// <summary>The absolute paths, as configured.</summary>
    public ImmutableArray<string> All { get; } =
        [.. folders.Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))).Distinct()];

    /// <summary>The absolute path, or null if it is invalid or not allowed. May block for as long as a disk does.</summary>
    /// <param name="path">The path.</param>
    /// <param name="start">The folder that a relative path starts from.</param>
    public string? Resolve(string path, string start) =>
        // Completes at once, since following links does.
        ResolveAsync(path, start, static found => Task.FromResult(RealPath.Of(found))).GetAwaiter().GetResult();

    /// <summary>The same without blocking.</summary>
    /// <param name="path">The path.</param>
    /// <param name="start">The folder that a relative path starts from.</param>
    /// <param name="realOf">Follows the links of a path; null if they lead in a circle.</param>
    public async Task<string?> ResolveAsync(string path, string start, Func<string, Task<string?>> realOf)
    {
        if (string.IsNullOrWhiteSpace(path) || path.Contains('\0', StringComparison.Ordinal))
            return null;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path, Path.GetFullPath(start)));

        // By its name, a path is in some of the folders; the others are on disks that need not be asked unless a link leads there.
        string[] likely = [.. All.OrderByDescending(folder => RealPath.Contains(folder, full))];
        if (likely.Length == 0 || !RealPath.Contains(likely[0], full) || await realOf(full).ConfigureAwait(false) is not { } real)
            return null;
        foreach (string folder in likely)
        {
            if (await realOf(folder).ConfigureAwait(false) is { } root && RealPath.Contains(root, real))
                return await IsOwnAsync(real, realOf).ConfigureAwait(false) ? null : full;
        }

        return null;
    }

    /// <summary>Whether the daemon's own files are below a path, so that whoever reads or writes all of it gets at them.</summary>
    public async Task<bool> HoldsOwnAsync(string full, Func<string, Task<string?>> realOf)
    {
        string? real = await realOf(full).ConfigureAwait(false);
        foreach (string mine in own)
        {
            if (real is null || RealPath.Contains(real, await PlaceOfAsync(mine, realOf).ConfigureAwait(false)))
                return true;
        }

        return false;
    }

    /// <summary>
    /// The same for a folder in which torrents store files: null also if a watch folder is in it, since a torrent could then add others, or
    /// if the daemon's own files are, since a torrent could overwrite them.
    /// </summary>
    public async Task<string?> ResolveForFilesAsync(string path, string start, Func<string, Task<string?>> realOf)
    {
        if (await ResolveAsync(path, start, realOf).ConfigureAwait(false) is not { } full
            || await HoldsOwnAsync(full, realOf).ConfigureAwait(false))
            return null;
        string? real = await realOf(full).ConfigureAwait(false);
        foreach (string folder in watched)
        {
            if (real is null || RealPath.Contains(real, await PlaceOfAsync(folder, realOf).ConfigureAwait(false)))
                return null;
        }

        return full;
    }

    /// <summary>Learns where the watch folders lie, and what is the daemon's own, as far as their disks respond.</summary>
    public Task LearnAsync(Func<string, Task<string?>> realOf) =>
        Task.WhenAll(watched.Concat(own).Select(folder => PlaceOfAsync(folder, realOf)));

    private async Task<bool> IsOwnAsync(string real, Func<string, Task<string?>> realOf)
    {
        foreach (string mine in own)
        {
            if (RealPath.Contains(await PlaceOfAsync(mine, realOf).ConfigureAwait(false), real))
                return true;
        }

        return false;
    }

    // A watch folder whose disk does not respond is where it was; if that was never seen, it is where its name says. Either way, it keeps
    // nobody from using other disks.
    private async Task<string> PlaceOfAsync(string folder, Func<string, Task<string?>> realOf)
    {
        try
        {
            if (await realOf(folder).ConfigureAwait(false) is { } real)
                return _seen[folder] = real;
        }
        catch (ApiException e) when (e.Code == "not-available")
        {
        }

        return _seen.GetValueOrDefault(folder, folder);
    }
}
