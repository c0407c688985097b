using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Resolves host names. The system's resolver blocks its caller, for half a minute if name servers are down, so each lookup runs on its own
/// thread: at most <see cref="NetworkLimits.MaxNameLookups"/> at once, never on the thread pool, and one lookup for all callers that ask
/// for the same name.
/// </summary>
/// <param name="lookUp">Resolves a name, blocking; null for the system's resolver.</param>
internal sealed class NameResolver(Func<string, IPAddress[]>? lookUp = null)
{
    private readonly Func<string, IPAddress[]> _lookUp = lookUp ?? Dns.GetHostAddresses;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _waiting = new();
    private int _threads;

    /// <summary>Resolves a host to its addresses, in the order in which they should be tried; an address resolves to itself.</summary>
    /// <exception cref="SocketException">There is no such name, the lookup failed, or too many lookups are queued.</exception>
    public async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [literal];
        Lookup lookup = Join(host);
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

    private Lookup Join(string host)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(host, out Lookup? lookup))
            {
                if (_waiting.Count >= NetworkLimits.MaxQueuedNameLookups)
                    throw new SocketException((int)SocketError.TryAgain, "Too many names are being looked up.");
                lookup = new Lookup(host);
                _byName.Add(host, lookup);
                _waiting.Enqueue(lookup);
                if (_threads < NetworkLimits.MaxNameLookups)
                {
                    _threads++;
                    new Thread(Run) { IsBackground = true, Name = "Freshet names" }.Start();
                }
            }

            lookup.Askers++;
            return lookup;
        }
    }

    private void Run()
    {
        while (TryTake() is { } lookup)
            LookUp(lookup);
    }

    private Lookup? TryTake()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out Lookup? lookup))
            {
                if (lookup.Askers > 0)
                    return lookup;

                // All callers have gone.
                _byName.Remove(lookup.Host);
            }

            _threads--;
            return null;
        }
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
    }
}
