using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Core.PortMapping;

/// <summary>
/// Maps ports at one gateway by PCP (RFC 6887) or, if the gateway does not support it, by NAT-PMP (RFC 6886), which supports only IPv4.
/// Mappings are renewed at half of their lifetime or every ten minutes, and so recreated when the gateway has lost them. A gateway that
/// refuses or does not answer is asked again after 15 minutes, in both protocols unless it still has mappings of ours. Only datagrams from
/// the gateway itself may be passed in.
/// </summary>
internal sealed class GatewayMachine(IGatewayEffects effects, GatewayMachineOptions options)
{
    private static readonly TimeSpan FirstPcpWait = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstNatPmpWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan MaxRenewal = TimeSpan.FromSeconds(PortMappingLimits.MaxRenewalSeconds);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(PortMappingLimits.RetrySeconds);

    private readonly List<GatewayMapping> _mappings = [];
    private readonly GatewayEpoch _epoch = new();
    private bool _usesNatPmp;
    private bool _hasHeard;
    private bool _isReleasing;

    /// <summary>When <see cref="OnDeadline"/> is due.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            Timestamp next = Timestamp.Never;
            foreach (GatewayMapping mapping in _mappings)
                next = Timestamp.Min(next, Timestamp.Min(mapping.Next, mapping.Expires));
            return next;
        }
    }

    /// <summary>The name of the protocol in use.</summary>
    public string Way => _usesNatPmp ? "NAT-PMP" : "PCP";

    /// <summary>Whether all mappings have been removed after <see cref="Release"/>.</summary>
    public bool IsReleased => _isReleasing
        && _mappings.TrueForAll(mapping => mapping.ExternalPort == 0 && !(mapping.IsAsked && _hasHeard));

    private bool IsV6 => options.Client.AddressFamily == IPAddress.IPv6Any.AddressFamily;

    /// <summary>Requests a mapping for one of our ports.</summary>
    public void Map(MappedProtocol protocol, int port, Timestamp now)
    {
        _mappings.Add(new GatewayMapping(protocol, port) { Next = now });
        OnDeadline(now);
    }

    /// <summary>
    /// Asks the gateway to remove all mappings, also those that it may be making just now; when called again, those that it has not
    /// confirmed.
    /// </summary>
    public void Release()
    {
        _isReleasing = true;
        foreach (GatewayMapping mapping in _mappings)
        {
            mapping.Next = mapping.Expires = Timestamp.Never;
            if (mapping.ExternalPort != 0 || mapping.IsAsked)
                Send(mapping, lifetimeSeconds: 0);
        }
    }

    /// <summary>The deadline has been reached.</summary>
    public void OnDeadline(Timestamp now)
    {
        foreach (GatewayMapping mapping in _mappings)
        {
            if (mapping.Expires <= now)
                Lose(mapping);
            if (mapping.Next <= now)
                Ask(mapping, now);
        }
    }

    /// <summary>A datagram from the gateway has arrived.</summary>
    public void OnDatagram(ReadOnlySpan<byte> datagram, Timestamp now)
    {
        if (!_usesNatPmp && !_hasHeard && PcpMessage.IsOtherVersion(datagram))
        {
            if (IsV6)
                GiveUp(GatewayErrors.OfPcp(1), isSilent: false, now);
            else
                TurnToNatPmp(now);
            return;
        }

        bool isRead = _usesNatPmp
            ? NatPmpMessage.TryRead(datagram, out GatewayAnswer answer)
            : PcpMessage.TryRead(datagram, options.Nonce, out answer);
        if (!isRead)
            return;
        if (answer.Protocol is null)
        {
            OnAddress(answer);
            return;
        }

        // An unrequested response is ignored.
        GatewayMapping? mapping = _mappings.Find(mapping =>
            mapping.Protocol == answer.Protocol && mapping.InternalPort == answer.InternalPort && (mapping.IsAsked || _isReleasing));
        if (mapping is not null)
            OnAnswer(mapping, answer, now);
    }

    /// <summary>The gateway reports that nobody listens on the port (ICMP), so there is no need to wait.</summary>
    public void OnRefused(Timestamp now)
    {
        if (!_hasHeard && _mappings.Exists(static mapping => mapping.IsAsked))
            GiveUp("it speaks neither PCP nor NAT-PMP", isSilent: true, now);
    }

    private void OnAnswer(GatewayMapping mapping, GatewayAnswer answer, Timestamp now)
    {
        _hasHeard = true;
        mapping.IsAsked = false;
        if (_isReleasing)
        {
            // Responses to earlier requests may still arrive.
            mapping.ExternalPort = answer.LifetimeSeconds == 0 || answer.Result != 0 ? 0 : answer.ExternalPort;
            return;
        }

        if (answer.Result != 0 || answer.ExternalPort == 0 || answer.LifetimeSeconds == 0)
        {
            Lose(mapping);
            mapping.Next = now + Retry;
            effects.Failed(WordsOf(answer.Result), isSilent: false);
            return;
        }

        TimeSpan lifetime = TimeSpan.FromSeconds(
            Math.Clamp(answer.LifetimeSeconds, PortMappingLimits.MinLifetimeSeconds, PortMappingLimits.MaxLifetimeSeconds));
        mapping.Tries = 0;
        mapping.ExternalPort = answer.ExternalPort;
        mapping.Expires = now + lifetime;
        TimeSpan renewal = lifetime / 2 < MaxRenewal ? lifetime / 2 : MaxRenewal;
        mapping.Next = now + (renewal * (1 + (options.Random.NextDouble() / 4)));
        effects.Mapped(mapping.Protocol, mapping.ExternalPort, answer.ExternalAddress);
        if (_epoch.HasBegunAnew(answer.Epoch, now))
            AskOthersAgain(mapping, now);

        // Each time, since providers change addresses while the router runs.
        if (_usesNatPmp)
            effects.Send(NatPmpMessage.WriteAddress());
    }

    private void OnAddress(GatewayAnswer answer)
    {
        if (answer.ExternalAddress is not { } address)
            return;
        foreach (GatewayMapping mapping in _mappings)
        {
            if (mapping.ExternalPort != 0)
                effects.Mapped(mapping.Protocol, mapping.ExternalPort, address);
        }
    }

    private void AskOthersAgain(GatewayMapping known, Timestamp now)
    {
        foreach (GatewayMapping other in _mappings)
        {
            if (other != known && other.ExternalPort != 0)
                other.Next = now;
        }
    }

    private void Ask(GatewayMapping mapping, Timestamp now)
    {
        if (mapping.Tries >= (_usesNatPmp ? PortMappingLimits.MaxNatPmpTries : PortMappingLimits.MaxPcpTries))
        {
            if (_usesNatPmp || IsV6 || _hasHeard)
                GiveUp("it does not answer", isSilent: !_hasHeard, now);
            else
                TurnToNatPmp(now);
            return;
        }

        TimeSpan wait = (_usesNatPmp ? FirstNatPmpWait : FirstPcpWait) * (1 << mapping.Tries);
        mapping.Tries++;
        mapping.IsAsked = true;
        mapping.Next = now + (wait * (0.9 + (options.Random.NextDouble() / 5)));
        Send(mapping, PortMappingLimits.LifetimeSeconds);
    }

    private void Send(GatewayMapping mapping, uint lifetimeSeconds)
    {
        // Requests the external port that we have, so that it stays the same.
        int wished = mapping.ExternalPort != 0 ? mapping.ExternalPort : mapping.InternalPort;
        effects.Send(_usesNatPmp
            ? NatPmpMessage.WriteMap(mapping.Protocol, mapping.InternalPort, lifetimeSeconds == 0 ? 0 : wished, lifetimeSeconds)
            : PcpMessage.WriteMap(mapping.Protocol, options.Client, options.Nonce, (mapping.InternalPort, wished), lifetimeSeconds));
    }

    private void TurnToNatPmp(Timestamp now)
    {
        _usesNatPmp = true;
        foreach (GatewayMapping mapping in _mappings)
        {
            mapping.Tries = 0;
            mapping.Next = now;
            Ask(mapping, now);
        }
    }

    // All mappings: a gateway that does not answer for one does not answer for another.
    private void GiveUp(string reason, bool isSilent, Timestamp now)
    {
        // It may be another gateway by now, or have other software. While it may still have mappings of ours, it is asked as before.
        if (_mappings.TrueForAll(static mapping => mapping.ExternalPort == 0))
            _hasHeard = _usesNatPmp = false;
        foreach (GatewayMapping mapping in _mappings)
        {
            mapping.IsAsked = false;
            mapping.Tries = 0;
            mapping.Next = now + Retry;
        }

        effects.Failed(reason, isSilent);
    }

    private void Lose(GatewayMapping mapping)
    {
        mapping.Expires = Timestamp.Never;
        if (mapping.ExternalPort == 0)
            return;
        mapping.ExternalPort = 0;
        effects.Mapped(mapping.Protocol, 0, null);
    }

    private string WordsOf(int result) => result switch
    {
        0 => "it answered without a port",
        _ => _usesNatPmp ? GatewayErrors.OfNatPmp(result) : GatewayErrors.OfPcp(result),
    };
}
