using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Connections;

/// <summary>
/// Connects by the first of some routes that answers. A route has a head start before the next one is tried beside it, and none is tried
/// that is not needed; those that lose are called off, and what they got is closed. Once one was refused, the others end soon: the machine
/// is there, so what does not answer at once does not listen.
/// </summary>
internal sealed class ConnectRace(IReadOnlyList<IConnector> connectors, TimeProvider time)
{
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(ConnectionLimits.AfterRefusalSeconds);

    /// <summary>Whether there is a connector for a route.</summary>
    public bool Has(DialRoute route) => ConnectorOf(route) is not null;

    /// <summary>Connects by one of several routes.</summary>
    /// <param name="target">The peer.</param>
    /// <param name="routes">The routes, each of which has a connector.</param>
    /// <param name="onFailed">Told of each route that failed by itself.</param>
    /// <param name="cancellationToken">Calls all off; nothing is left.</param>
    /// <exception cref="SocketException">No route leads there; of the route that failed last.</exception>
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

    // Until one connected, which is given back and taken out; or the next, if there is one, may begin, because one failed or has had its
    // head start.
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
            // As it should be.
        }
    }

    private IConnector? ConnectorOf(DialRoute route) => connectors.FirstOrDefault(connector => connector.Transport == route.Transport);

    /// <summary>The first time that the machine refused, and how long the others have from then on.</summary>
    private sealed class Refusal(TimeProvider time) : IDisposable
    {
        private readonly CancellationTokenSource _patience = new(Timeout.InfiniteTimeSpan, time);

        public SocketException? First { get; private set; }

        /// <summary>Calls the others off.</summary>
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
