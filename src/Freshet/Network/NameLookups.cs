using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Looks up something about host names. That blocks its caller, for half a minute if name servers are down, so each lookup runs on its own
/// thread: at most <see cref="NetworkLimits.MaxNameLookups"/> at once, never on the thread pool, and one lookup for all callers that ask
/// for the same name. Those that are minor come last and take few of the threads, so that a torrent with names that are never answered does
/// not hold up all trackers.
/// </summary>
/// <param name="lookUp">Looks a name up, blocking.</param>
internal sealed class NameLookups<T>(Func<string, T> lookUp)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _needed = new();
    private readonly Queue<Lookup> _minor = new();
    private int _threads;
    private int _minorUnderWay;

    /// <summary>Looks a name up.</summary>
    /// <exception cref="SocketException">There is no such name, the lookup failed, or too many lookups are queued.</exception>
    public async Task<T> FindAsync(string host, NameUrgency urgency, CancellationToken cancellationToken)
    {
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
        T? found = null;
        Exception? failure = null;
#pragma warning disable CA1031 // Whatever it is, those who asked must hear of it, and the thread must go on.
        try
        {
            found = lookUp(lookup.Host);
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
        if (found is not null)
            lookup.Result.SetResult(found);
        else
            lookup.Result.SetException(failure!);

        // Without callers, nobody else would observe the exception.
        _ = lookup.Result.Task.Exception;
    }

    private sealed class Lookup(string host)
    {
        public string Host { get; } = host;

        public TaskCompletionSource<T> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Askers { get; set; }

        public bool IsMinor { get; set; }

        public bool IsTaken { get; set; }

        public bool WasTakenAsMinor { get; set; }
    }
}
