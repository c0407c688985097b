using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Addresses that peers have told us of and that never answered, so that the next peer that names one does not have it dialled again. The
/// last <see cref="PeerLimits.MaxDead"/> are remembered.
/// </summary>
internal sealed class DeadAddresses
{
    private readonly HashSet<IPEndPoint> _all = [];
    private readonly Queue<IPEndPoint> _inOrder = [];

    public bool Contains(IPEndPoint endPoint) => _all.Contains(endPoint);

    public void Add(IPEndPoint endPoint)
    {
        if (!_all.Add(endPoint))
            return;
        _inOrder.Enqueue(endPoint);
        if (_inOrder.Count > PeerLimits.MaxDead)
            _all.Remove(_inOrder.Dequeue());
    }

    public void Clear()
    {
        _all.Clear();
        _inOrder.Clear();
    }
}
