using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Speaks PCP or NAT-PMP with a gateway, as <see cref="GatewayMachine"/> decides. The socket is connected, so that the system passes on
/// only what the gateway sends from its port.
/// </summary>
internal sealed class GatewayPort : IGatewayEffects, IAsyncDisposable
{
    /// <summary>The port on which gateways listen (RFC 6886, RFC 6887).</summary>
    public const int Port = 5351;

    private static readonly TimeSpan FirstGoodbye = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastGoodbye = TimeSpan.FromMilliseconds(750);

    private readonly Lock _lock = new();
    private readonly Socket _socket;
    private readonly IMappingOwner _owner;
    private readonly TimeProvider _time;
    private readonly GatewayMachine _machine;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _receiving;
    private bool _isClosed;

    private GatewayPort(Socket socket, Gateway gateway, IMappingOwner owner, TimeProvider time)
    {
        _socket = socket;
        _owner = owner;
        _time = time;
        _machine = new GatewayMachine(this, new GatewayMachineOptions
        {
            Client = gateway.Local,
            Nonce = RandomNumberGenerator.GetBytes(PcpMessage.NonceLength),
            Random = new Random(),
        });
        _timer = time.CreateTimer(
            static port => ((GatewayPort)port!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _receiving = ReceiveAsync();
    }

    private MappingSource Source => new(_machine.Way, _socket.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>Opens a socket; null if that fails.</summary>
    public static GatewayPort? TryOpen(NetworkBinding binding, Gateway gateway, IMappingOwner owner, TimeProvider time)
    {
        Socket? socket = null;
        try
        {
            socket = binding.Open(gateway.Router.AddressFamily, SocketType.Dgram);

            // The router maps to the address that asks (RFC 6887, section 11.2), which would else be a link-local one.
            if (binding.Target is null && gateway.Local.AddressFamily == AddressFamily.InterNetworkV6)
                socket.Bind(new IPEndPoint(gateway.Local, 0));
            socket.Connect(new IPEndPoint(gateway.Router, Port));
            return new GatewayPort(socket, gateway, owner, time);
        }
        catch (SocketException)
        {
            socket?.Dispose();
            return null;
        }
    }

    /// <summary>Requests a mapping to a port of ours.</summary>
    public void Map(MappedProtocol protocol, int port)
    {
        lock (_lock)
        {
            Timestamp now = _time.Now();
            _machine.Map(protocol, port, now);
            SetTimer(now);
        }
    }

    void IGatewayEffects.Send(ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            // A refusal (ICMP) of what was sent before.
            _ = Task.Run(OnRefused);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // There is no route: treated like a missing answer.
        }
    }

    void IGatewayEffects.Mapped(MappedProtocol protocol, int externalPort, IPAddress? externalAddress) =>
        _owner.OnMapped(Source, protocol, externalPort, externalAddress);

    void IGatewayEffects.Failed(string reason, bool isSilent) => _owner.OnFailed(Source, reason);

    /// <summary>Removes all mappings, within a second at most.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (TimeSpan patience in (TimeSpan[])[FirstGoodbye, LastGoodbye])
        {
            lock (_lock)
            {
                _machine.Release();
                if (_machine.IsReleased)
                    break;
            }

            await _released.Task.WaitAsync(patience, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        lock (_lock)
            _isClosed = true;
        await _timer.DisposeAsync().ConfigureAwait(false);
        _socket.Dispose();
        await _receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void OnRefused()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            Timestamp now = _time.Now();
            _machine.OnRefused(now);
            SetTimer(now);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            Timestamp now = _time.Now();
            _machine.OnDeadline(now);
            SetTimer(now);
        }
    }

    private void SetTimer(Timestamp now)
    {
        Timestamp next = _machine.NextDeadline;
        _timer.Change(
            next == Timestamp.Never ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, (next - now).TotalMilliseconds)),
            Timeout.InfiniteTimeSpan);
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[PortMappingLimits.MaxPcpLength];
        while (true)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer.AsMemory()).ConfigureAwait(false);
                OnDatagram(buffer.AsSpan(0, length));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
            {
                OnRefused();
            }
            catch (SocketException e) when (
                e.SocketErrorCode is SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.MessageSize)
            {
                // A refusal (ICMP) of what was sent, which says nothing about this socket.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void OnDatagram(ReadOnlySpan<byte> datagram)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            Timestamp now = _time.Now();
            _machine.OnDatagram(datagram, now);
            if (_machine.IsReleased)
                _released.TrySetResult();
            SetTimer(now);
        }
    }
}
