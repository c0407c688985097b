using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Network;

/// <summary>
/// Which of this machine's addresses others send to, so that they are answered from there. The system would send from the address that the
/// route prefers, and whoever has asked another one does not recognise that answer. While a datagram is handled, its sender is answered
/// from the address that it was sent to; later, as connections need it, from the one to which that sender began to send. A datagram alone
/// does not change that before the sender has been silent there for <see cref="KeptFor"/>: anybody could have sent it in the other's name,
/// and a connection that continues from another address is lost. Others are remembered in two generations of
/// <see cref="NetworkLimits.MaxAskedAddresses"/>: those that are silent longest are forgotten.
/// </summary>
/// <param name="time">The clock; null for the system's.</param>
internal sealed class AskedAddresses(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private Dictionary<UdpAddress, Asked> _recent = [];
    private Dictionary<UdpAddress, Asked> _before = [];

    // The datagram that is being handled.
    private (UdpAddress Sender, UdpAddress Own) _current;

    /// <summary>Longer than connections are silent.</summary>
    public static TimeSpan KeptFor => TimeSpan.FromMinutes(3);

    public int Count => _recent.Count + _before.Count;

    /// <summary>A datagram from a sender to an address of ours is handled from now on.</summary>
    public void Remember(UdpAddress sender, UdpAddress own)
    {
        // Most datagrams come in runs.
        if (_current == (sender, own))
            return;
        _current = (sender, own);
        Timestamp now = _time.Now();
        bool isRecent = _recent.TryGetValue(sender, out Asked asked);
        bool isKnown = isRecent || _before.TryGetValue(sender, out asked);
        if (isKnown && asked.Own != own && now - asked.Last < KeptFor)
            return;
        if (!isRecent && _recent.Count >= NetworkLimits.MaxAskedAddresses)
        {
            (_recent, _before) = (_before, _recent);
            _recent.Clear();
        }

        _recent[sender] = new Asked(own, now);
    }

    /// <summary>All datagrams that have arrived together are handled.</summary>
    public void EndBatch() => _current = default;

    /// <summary>The address of ours that somebody sends to; null if it is not known.</summary>
    public UdpAddress? Find(UdpAddress other) =>
        _current.Sender == other ? _current.Own
        : _recent.TryGetValue(other, out Asked asked) || _before.TryGetValue(other, out asked) ? asked.Own : null;

    /// <summary>Nothing can be sent there from the address that was asked, which may be gone.</summary>
    public void Forget(UdpAddress other)
    {
        _recent.Remove(other);
        _before.Remove(other);
        if (_current.Sender == other)
            _current = default;
    }

    private readonly record struct Asked(UdpAddress Own, Timestamp Last);
}
