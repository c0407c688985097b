using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Connections;

/// <summary>
/// Races several routes to a peer and uses the first that connects. Each route has a head start before the next one is tried alongside it,
/// and none is tried without need; the losers are cancelled, and their connections closed. Once one route was refused, the others get
/// little more time: the machine is up, so a route that does not answer soon is not listened on.
/// </summary>
internal sealed class ConnectRace(IReadOnlyList<IConnector> connectors, TimeProvider time)
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(ConnectionLimits.AfterRefusalSeconds);

    /// <summary>Whether there is a connector for a route.</summary>
    public bool Has(DialRoute route) => ConnectorOf(route) is not null;

    /// <summary>Connects over one of several routes.</summary>
    /// <param name="target">The peer.</param>
    /// <param name="routes">The routes, each of which has a connector.</param>
    /// <param name="onFailed">Called for each route that failed, unless it was cancelled.</param>
    /// <param name="cancellationToken">Cancels all routes and cleans up.</param>
    /// <exception cref="SocketException">Every route failed; the error is that of the last failure.</exception>
    public async Task<(ITransport Transport, DialRoute Route)> RunAsync(
        EndPoint target, ImmutableArray<DialRoute> routes, Action<DialRoute> onFailed, CancellationToken cancellationToken)
    {
        using Refusal refusal = new(time);
        using CancellationTokenSource race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, refusal.Token);
        List<(DialRoute Route, Task<ITransport> Connect)> running = [];
        int next = 0;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Task? headStart = null;
                if (next < routes.Length)
                {
                    DialRoute route = routes[next++];
                    running.Add((route, ConnectorOf(route)!.ConnectAsync(target, race.Token).AsTask()));
                    headStart = next < routes.Length ? Task.Delay(route.HeadStart, time, race.Token) : null;
                }

                if (await WaitAsync(running, headStart, refusal, onFailed).ConfigureAwait(false) is { } winner)
                    return winner;
            }
        }
        finally
        {
            await race.CancelAsync().ConfigureAwait(false);
            foreach ((_, Task<ITransport> connect) in running)
                _ = CloseLateAsync(connect);
        }
    }

    // Returns when one has connected, which is removed from the list; or when the next route, if any, may begin, because one failed or has
    // used up its head start.
    private static async Task<(ITransport, DialRoute)?> WaitAsync(
        List<(DialRoute Route, Task<ITransport> Connect)> running, Task? headStart, Refusal refusal, Action<DialRoute> onFailed)
    {
        while (true)
        {
            List<Task> awaited = [.. running.Select(static way => way.Connect)];
            if (headStart is not null)
                awaited.Add(headStart);
            Task first = await Task.WhenAny(awaited).ConfigureAwait(false);
            int at = running.FindIndex(way => way.Connect == first);
            if (at < 0)
                return null;
            DialRoute route = running[at].Route;
            running.RemoveAt(at);
            try
            {
                return (await ((Task<ITransport>)first).ConfigureAwait(false), route);
            }
            catch (SocketException e) when (!SocketErrors.IsShortage(e.SocketErrorCode))
            {
                onFailed(route);
                refusal.OnFailed(e);
                if (headStart is not null)
                    return null;
                if (running.Count == 0)
                    throw;
            }
            catch (OperationCanceledException) when (refusal.HasEndedOthers)
            {
                onFailed(route);
                if (running.Count == 0)
                    throw refusal.First!;
            }
        }
    }

    private static async Task CloseLateAsync(Task<ITransport> connect)
    {
        try
        {
            (await connect.ConfigureAwait(false)).Abort();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Expected: the loser was cancelled.
        }
    }

    private IConnector? ConnectorOf(DialRoute route) => connectors.FirstOrDefault(connector => connector.Transport == route.Transport);

    /// <summary>Records the first refusal, and limits the time of the other routes from then on.</summary>
    private sealed class Refusal(TimeProvider time) : IDisposable
    {
        private readonly CancellationTokenSource _patience = new(Timeout.InfiniteTimeSpan, time);

        public SocketException? First { get; private set; }

        /// <summary>Cancels the other routes.</summary>
        public CancellationToken Token => _patience.Token;

        public bool HasEndedOthers => _patience.IsCancellationRequested;

        public void OnFailed(SocketException failure)
        {
            if (First is not null || failure.SocketErrorCode != SocketError.ConnectionRefused)
                return;
            First = failure;
            _patience.CancelAfter(AfterRefusal);
        }

        public void Dispose() => _patience.Dispose();
    }
}
