namespace Freshet.Network;

/// <summary>
/// Which of this machine's addresses others have sent to last, so that they are answered from there. The system would send from the address
/// that the route prefers, and whoever has asked another one does not recognise that answer. Others are remembered in two generations of
/// <see cref="NetworkLimits.MaxAskedAddresses"/>: those that are silent longest are forgotten.
/// </summary>
internal sealed class AskedAddresses
{
    private Dictionary<UdpAddress, UdpAddress> _recent = [];
    private Dictionary<UdpAddress, UdpAddress> _before = [];

    // Most datagrams come in runs.
    private (UdpAddress Sender, UdpAddress Own) _last;

    public int Count => _recent.Count + _before.Count;

    /// <summary>A datagram came from a sender to an address of ours.</summary>
    public void Remember(UdpAddress sender, UdpAddress own)
    {
        if (_last == (sender, own))
            return;
        _last = (sender, own);
        if (!_recent.ContainsKey(sender) && _recent.Count >= NetworkLimits.MaxAskedAddresses)
        {
            (_recent, _before) = (_before, _recent);
            _recent.Clear();
        }

        _recent[sender] = own;
    }

    /// <summary>The address of ours that somebody has sent to; null if it is not known.</summary>
    public UdpAddress? Find(UdpAddress other) =>
        _last.Sender == other ? _last.Own
        : _recent.TryGetValue(other, out UdpAddress own) || _before.TryGetValue(other, out own) ? own : null;

    /// <summary>Nothing can be sent there from the address that was asked, which may be gone.</summary>
    public void Forget(UdpAddress other)
    {
        _recent.Remove(other);
        _before.Remove(other);
        if (_last.Sender == other)
            _last = default;
    }
}
