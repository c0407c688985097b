using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Freshet.Connections;

/// <summary>
/// Connects by the first of some routes that answers. A route has a head start before the next one is tried beside it, and none is tried
/// that is not needed; those that lose are called off, and what they got is closed.
/// </summary>
internal sealed class ConnectRace(IReadOnlyList<IConnector> connectors, TimeProvider time)
{
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
        using CancellationTokenSource race = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<(DialRoute Route, Task<ITransport> Connect)> running = [];
        int next = 0;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Task mayGoOn = Task.CompletedTask;
                if (next < routes.Length)
                {
                    DialRoute route = routes[next++];
                    running.Add((route, ConnectorOf(route)!.ConnectAsync(target, race.Token).AsTask()));
                    mayGoOn = next < routes.Length ? Task.Delay(route.HeadStart, time, race.Token) : Task.CompletedTask;
                }

                if (await WaitAsync(running, mayGoOn, mayStartNext: next < routes.Length, onFailed).ConfigureAwait(false) is { } winner)
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

    // Until one connected, which is given back and taken out; or the next may begin, because one failed or has had its head start.
    private static async Task<(ITransport, DialRoute)?> WaitAsync(
        List<(DialRoute Route, Task<ITransport> Connect)> running, Task headStart, bool mayStartNext, Action<DialRoute> onFailed)
    {
        while (true)
        {
            List<Task> awaited = [.. running.Select(static way => way.Connect)];
            if (mayStartNext)
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
                if (mayStartNext)
                    return null;
                if (running.Count == 0)
                    throw;
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
}
