using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// Looks up host names. The system's resolver blocks its caller, for half a minute where name servers are dead, so each lookup runs on
/// a thread of its own: never more than <see cref="NetworkLimits.MaxNameLookups"/> of them, never on the thread pool, and one for all who
/// ask for the same name.
/// </summary>
/// <param name="lookUp">Gives the addresses of a name, blocking; null for the system's resolver.</param>
internal sealed class NameResolver(Func<string, IPAddress[]>? lookUp = null)
{
    private readonly Func<string, IPAddress[]> _lookUp = lookUp ?? Dns.GetHostAddresses;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lookup> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<Lookup> _waiting = new();
    private int _threads;

    /// <summary>The addresses of a host, in the order in which they should be tried; an address stands for itself.</summary>
    /// <exception cref="SocketException">There is no such name, it could not be looked up, or too many lookups wait already.</exception>
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

                // Everybody who asked has gone.
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

        // If nobody waits any more, nobody else would look at the exception.
        _ = lookup.Result.Task.Exception;
    }

    private sealed class Lookup(string host)
    {
        public string Host { get; } = host;

        public TaskCompletionSource<IPAddress[]> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Askers { get; set; }
    }
}
