using Freshet.Api;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>
/// Looks at folders for requests. A disk that does not respond holds up one thread for each of its folders, and no more than a few
/// altogether.
/// </summary>
/// <param name="look">Looks at a folder; may block for as long as the disk does.</param>
/// <param name="patience">How long a request waits.</param>
internal sealed class FolderLooks(Func<string, FolderInfo> look, TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<FolderInfo>> _underWay = new(StringComparer.Ordinal);
    private readonly OneOfFew _turns = new(Bounds.MaxFolderLooks);

    /// <summary>What is in a folder.</summary>
    /// <exception cref="ApiException">Its disk does not respond, or what <paramref name="path"/> names cannot be looked at.</exception>
    public async Task<FolderInfo> LookAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await BeginOrJoin(path).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ApiException(503, "not-available", $"The disk of {path} does not answer, or those of other folders do not.")
            {
                RetryAfter = TimeSpan.FromSeconds(10),
            };
        }
        catch (DirectoryNotFoundException)
        {
            throw new ApiException(404, "not-found", $"There is no folder {path}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiException(500, "storage", $"The folder {path} cannot be read: {e.Message.TrimEnd('.')}.");
        }
    }

    private Task<FolderInfo> BeginOrJoin(string path)
    {
        lock (_lock)
        {
            if (_underWay.TryGetValue(path, out Task<FolderInfo>? looking))
                return looking;
            looking = Task.Run(() => RunAsync(path));
            _underWay.Add(path, looking);
            return looking;
        }
    }

    private async Task<FolderInfo> RunAsync(string path)
    {
        FolderInfo? info = null;
        using CancellationTokenSource waiting = new(patience);
        try
        {
            await _turns.RunAsync(
                () =>
                {
                    info = look(path);
                    return Task.CompletedTask;
                },
                waiting.Token).ConfigureAwait(false);
            return info!;
        }
        finally
        {
            lock (_lock)
                _underWay.Remove(path);
        }
    }
}
