using Microsoft.Extensions.Hosting;

namespace Freshet.Extensions.Hosting;

/// <summary>
/// Starts a session when its host starts, and stops it when the host stops. The session then leaves its swarms, flushes its data, and
/// records its torrents, for as long as the host waits. Services that start before the session is available can wait for it with
/// <see cref="WaitForSessionAsync"/>.
/// </summary>
public sealed class SessionHost : IHostedService, IAsyncDisposable
{
    private readonly TaskCompletionSource<Session> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SessionHost(SessionOptions options) => Options = options;

    /// <summary>The options of the session.</summary>
    public SessionOptions Options { get; }

    /// <summary>The session.</summary>
    /// <exception cref="InvalidOperationException">The session has not started yet, or could not be started.</exception>
    public Session Session => _session.Task.IsCompletedSuccessfully
        ? _session.Task.Result
        : throw new InvalidOperationException(
            "The session has not started. Await WaitForSessionAsync, or read this property after the host has started.");

    /// <summary>Waits until the session has started, and returns it. If the start fails, this throws the same exception.</summary>
    public Task<Session> WaitForSessionAsync(CancellationToken cancellationToken = default) => _session.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _session.SetResult(await Freshet.Session.StartAsync(Options, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            _session.SetException(e);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) =>
        _session.Task.IsCompletedSuccessfully ? _session.Task.Result.StopAsync(cancellationToken) : Task.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() =>
        _session.Task.IsCompletedSuccessfully ? _session.Task.Result.DisposeAsync() : ValueTask.CompletedTask;
}
