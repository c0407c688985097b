using System.Collections.Immutable;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>
/// The paths that requests name: whether they are allowed, and what is there. Links are followed one disk at a time, on threads that may
/// wait for it, so a request waits for a bounded time and holds no thread.
/// </summary>
internal sealed class FolderPaths(AllowedFolders allowed, DiskLooks looks, Func<MountTable> mountsOf)
{
    /// <summary>The allowed folders, as configured.</summary>
    public ImmutableArray<string> All => allowed.All;

    public static ApiException NotAllowed(string? path) =>
        new(403, "path-not-allowed", $"{path} is not in a folder that requests may name (AllowedFolders).");

    public static ApiException NotForFiles(string? folder) => new(
        403, "path-not-allowed",
        $"{folder} is not in a folder that requests may name (AllowedFolders), or a watch folder or the daemon's own files are in it.");

    /// <inheritdoc cref="AllowedFolders.ResolveAsync"/>
    /// <exception cref="ApiException">A disk does not respond.</exception>
    public Task<string?> ResolveAsync(string path, string start, CancellationToken cancellationToken) =>
        allowed.ResolveAsync(path, start, found => RealAsync(found, cancellationToken));

    /// <inheritdoc cref="AllowedFolders.ResolveForFilesAsync"/>
    /// <exception cref="ApiException">A disk does not respond.</exception>
    public Task<string?> ResolveForFilesAsync(string path, string start, CancellationToken cancellationToken) =>
        allowed.ResolveForFilesAsync(path, start, found => RealAsync(found, cancellationToken));

    /// <summary>The same for what is read with everything below it: null also if the daemon's own files are there.</summary>
    /// <exception cref="ApiException">A disk does not respond.</exception>
    public async Task<string?> ResolveToReadAllAsync(string path, string start, CancellationToken cancellationToken) =>
        await ResolveAsync(path, start, cancellationToken).ConfigureAwait(false) is { } full
        && !await allowed.HoldsOwnAsync(full, found => RealAsync(found, cancellationToken)).ConfigureAwait(false)
            ? full
            : null;

    /// <inheritdoc cref="AllowedFolders.LearnAsync"/>
    public Task LearnAsync(CancellationToken cancellationToken) => allowed.LearnAsync(found => RealAsync(found, cancellationToken));

    /// <summary>Whether a path may be read, from a thread that may block for as long as a disk does.</summary>
    public bool Allows(string path) => allowed.Resolve(path, "/") is not null;

    /// <summary>Looks at what an absolute path names.</summary>
    /// <param name="path">The path.</param>
    /// <param name="look">Is given the path without links; may block for as long as its disk does.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    /// <exception cref="ApiException">The disk does not respond.</exception>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public async Task<T> LookAsync<T>(string path, Func<string, T> look, CancellationToken cancellationToken)
    {
        string real = await RealAsync(path, cancellationToken).ConfigureAwait(false) ?? throw new IOException("links lead in a circle");
        return await looks.LookAsync(mountsOf().Of(real), () => look(real), cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> RealAsync(string path, CancellationToken cancellationToken)
    {
        MountTable mounts = mountsOf();
        LinkWalk walk = new(path);
        while (walk.Next is { } next)
        {
            string disk = mounts.Of(next);
            await looks.LookAsync(disk, () => StepOn(disk), cancellationToken).ConfigureAwait(false);
        }

        return walk.End;

        // As far as the path stays on that disk.
        bool StepOn(string disk)
        {
            do
                walk.Step();
            while (walk.Next is { } next && mounts.Of(next) == disk);
            return true;
        }
    }
}
