using Microsoft.Extensions.Hosting;

namespace Freshet.Extensions.Hosting;

/// <summary>
/// Starts a session with its host and ends it with it: leaves the swarms, flushes, and records what is there, as long as the host waits.
/// Ask it for the session from services that start after it, or wait.
/// </summary>
public sealed class SessionHost : IHostedService, IAsyncDisposable
{
    private readonly TaskCompletionSource<Session> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SessionHost(SessionOptions options) => Options = options;

    /// <summary>What the session is to be like.</summary>
    public SessionOptions Options { get; }

    /// <summary>The session.</summary>
    /// <exception cref="InvalidOperationException">The host has not started it yet, or could not.</exception>
    public Session Session => _session.Task.IsCompletedSuccessfully
        ? _session.Task.Result
        : throw new InvalidOperationException("The session has not started. Await WaitForSessionAsync, or ask when the host has started.");

    /// <summary>The session, once the host has started it. Fails as its start did.</summary>
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
