using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Resolves host names. The system's resolver blocks its caller, for half a minute if name servers are down, so each lookup runs on its own
/// thread: at most <see cref="NetworkLimits.MaxNameLookups"/> at once, never on the thread pool, and one lookup for all callers that ask
/// for the same name. Those that are minor come last and take few of the threads, so that a torrent with names that are never answered does
/// not hold up all trackers.
/// </summary>
/// <param name="lookUp">Resolves a name, blocking; null for the system's resolver.</param>
internal sealed class NameResolver(Func<string, IPAddress[]>? lookUp = null)
{
    private readonly Func<string, IPAddress[]> _lookUp = lookUp ?? Dns.GetHostAddresses;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _needed = new();
    private readonly Queue<Lookup> _minor = new();
    private int _threads;
    private int _minorUnderWay;

    /// <summary>Resolves a host to its addresses, in the order in which they should be tried; an address resolves to itself.</summary>
    /// <exception cref="SocketException">There is no such name, the lookup failed, or too many lookups are queued.</exception>
    public async Task<IPAddress[]> ResolveAsync(
        string host, CancellationToken cancellationToken, NameUrgency urgency = NameUrgency.Needed)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [literal];
        Lookup lookup = Join(host, urgency);
        try
        {
            return await lookup.Result.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                lookup.Askers--;
        }
    }

    private Lookup Join(string host, NameUrgency urgency)
    {
        lock (_lock)
        {
            bool isKnown = _byName.TryGetValue(host, out Lookup? lookup);
            lookup ??= new Lookup(host);
            if (!isKnown || (urgency == NameUrgency.Needed && lookup.IsMinor && !lookup.IsTaken))
            {
                // A minor one that is needed after all is in both queues, and taken from whichever comes first.
                Queue<Lookup> queue = urgency == NameUrgency.Minor ? _minor : _needed;
                if (queue.Count >= NetworkLimits.MaxQueuedNameLookups)
                    throw new SocketException((int)SocketError.TryAgain, "Too many names are being looked up.");
                lookup.IsMinor = urgency == NameUrgency.Minor;
                _byName[host] = lookup;
                queue.Enqueue(lookup);
                StartThread(lookup.IsMinor);
            }

            lookup.Askers++;
            return lookup;
        }
    }

    private void StartThread(bool isMinor)
    {
        if (_threads >= NetworkLimits.MaxNameLookups || (isMinor && _minorUnderWay >= NetworkLimits.MaxMinorNameLookups))
            return;
        _threads++;
        new Thread(Run) { IsBackground = true, Name = "Freshet names" }.Start();
    }

    private void Run()
    {
        while (TryTake() is { } lookup)
        {
            LookUp(lookup);
            if (!lookup.WasTakenAsMinor)
                continue;
            lock (_lock)
                _minorUnderWay--;
        }
    }

    private Lookup? TryTake()
    {
        lock (_lock)
        {
            Lookup? next = TryTake(_needed);
            if (next is null && _minorUnderWay < NetworkLimits.MaxMinorNameLookups && (next = TryTake(_minor)) is not null)
            {
                next.WasTakenAsMinor = true;
                _minorUnderWay++;
            }

            if (next is null)
                _threads--;
            return next;
        }
    }

    private Lookup? TryTake(Queue<Lookup> queue)
    {
        while (queue.TryDequeue(out Lookup? lookup))
        {
            if (lookup.IsTaken)
                continue;
            lookup.IsTaken = true;
            if (lookup.Askers > 0)
                return lookup;

            // All callers have gone.
            _byName.Remove(lookup.Host);
        }

        return null;
    }

    private void LookUp(Lookup lookup)
    {
        IPAddress[]? addresses = null;
        Exception? failure = null;
#pragma warning disable CA1031 // Whatever it is, those who asked must hear of it, and the thread must go on.
        try
        {
            addresses = _lookUp(lookup.Host);
        }
        catch (ArgumentException)
        {
            // Longer than any name, or otherwise impossible.
            failure = new SocketException((int)SocketError.HostNotFound);
        }
        catch (Exception e)
        {
            failure = e;
        }
#pragma warning restore CA1031
        lock (_lock)
            _byName.Remove(lookup.Host);
        if (addresses is not null)
            lookup.Result.SetResult(addresses);
        else
            lookup.Result.SetException(failure!);

        // Without callers, nobody else would observe the exception.
        _ = lookup.Result.Task.Exception;
    }

    private sealed class Lookup(string host)
    {
        public string Host { get; } = host;

        public TaskCompletionSource<IPAddress[]> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Askers { get; set; }

        public bool IsMinor { get; set; }

        public bool IsTaken { get; set; }

        public bool WasTakenAsMinor { get; set; }
    }
}
