using System.Net;

namespace Freshet.Daemon.Security;

/// <summary>
/// Logins whose bodies are still to come. There is always room for one more: when all places are taken, it gets that of the oldest login
/// of the area (an IPv4 /24 or an IPv6 /48) that has most. So whoever opens logins and never sends them keeps nobody out, from however many
/// addresses.
/// </summary>
/// <param name="most">The places.</param>
internal sealed class LoginRoom(int most)
{
    private readonly Lock _lock = new();

    // The oldest first.
    private readonly List<Visit> _inside = [];

    /// <summary>Takes a place until the result is disposed.</summary>
    /// <param name="address">Who logs in.</param>
    /// <param name="cancellationToken">Ends the login as well.</param>
    public Visit Enter(IPAddress? address, CancellationToken cancellationToken)
    {
        Visit visit = new(this, ClientNetwork.AreaOf(address), cancellationToken);
        Visit? displaced = null;
        lock (_lock)
        {
            if (_inside.Count >= most)
            {
                displaced = _inside.GroupBy(each => each.Area).MaxBy(area => area.Count())!.First();
                _inside.Remove(displaced);
            }

            _inside.Add(visit);
        }

        displaced?.Displace();
        return visit;
    }

    private void Leave(Visit visit)
    {
        lock (_lock)
            _inside.Remove(visit);
    }

    /// <summary>A login whose body is still to come.</summary>
    internal sealed class Visit(LoginRoom room, IPAddress area, CancellationToken cancellationToken) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        private bool _isOver;

        public IPAddress Area => area;

        /// <summary>Whether a newer login has got the place.</summary>
        public bool IsDisplaced { get; private set; }

        /// <summary>Cancelled when a newer login gets the place.</summary>
        public CancellationToken Token => _ending.Token;

        public void Displace()
        {
            lock (_lock)
            {
                if (_isOver)
                    return;
                IsDisplaced = true;
                _ending.Cancel();
            }
        }

        public void Dispose()
        {
            room.Leave(this);
            lock (_lock)
                _isOver = true;
            _ending.Dispose();
        }
    }
}
