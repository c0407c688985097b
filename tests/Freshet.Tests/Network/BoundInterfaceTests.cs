using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Tests.Network;

/// <summary>A binding to an interface by name: it follows the interface, and reports what happens to it.</summary>
public class BoundInterfaceTests
{
    private static readonly IPAddress First = IPAddress.Parse("10.8.0.2");
    private static readonly IPAddress Second = IPAddress.Parse("10.8.0.3");
    private static readonly IPAddress Sixth = IPAddress.Parse("fd00::2");

    private ImmutableArray<InterfaceInfo> _interfaces = [Tunnel(First)];

    [Fact]
    public void Sockets_have_the_address_of_the_interface()
    {
        _interfaces = [Tunnel(IPAddress.Parse("127.0.0.8"))];
        using Socket socket = Bind().OpenAt(AddressFamily.InterNetwork, SocketType.Stream, 0);
        Assert.Equal(IPAddress.Parse("127.0.0.8"), ((IPEndPoint)socket.LocalEndPoint!).Address);
    }

    [Fact]
    public async Task An_interface_that_is_down_is_trouble_until_it_is_up()
    {
        NetworkBinding binding = Bind();
        Assert.Null(binding.Trouble);
        int epoch = binding.Epoch;
        _interfaces = [Tunnel(First) with { IsUp = false }];
        Assert.True(binding.Check());
        Assert.False(binding.Check());
        Assert.Equal("tun0 is down", binding.Trouble);
        Assert.Equal("tun0 is down", binding.WhyCut(ref epoch));
        Task back = binding.Back;
        Assert.False(back.IsCompleted);
        SocketException refused = Assert.Throws<SocketException>(() => binding.Open(AddressFamily.InterNetwork, SocketType.Dgram));
        Assert.Equal(SocketError.AddressNotAvailable, refused.SocketErrorCode);
        _interfaces = [Tunnel(First)];
        Assert.True(binding.Check());
        Assert.Null(binding.Trouble);
        await back.Bounded();
        Assert.Null(binding.WhyCut(ref epoch));
    }

    [Fact]
    public void Trouble_is_reported_in_words()
    {
        NetworkBinding binding = Bind();
        Assert.Null(binding.Trouble);
        _interfaces = [Tunnel()];
        Assert.True(binding.Check());
        Assert.Equal("tun0 has no address", binding.Trouble);
        _interfaces = [];
        Assert.True(binding.Check());
        Assert.Equal("tun0 is not an interface of this machine", binding.Trouble);
        Assert.Contains("nothing is sent by any other interface", binding.News, StringComparison.Ordinal);
        _interfaces = [Tunnel(First, Sixth)];
        Assert.True(binding.Check());
        Assert.Equal("tun0 is used from now on with 10.8.0.2 and fd00::2.", binding.News);
    }

    [Fact]
    public void A_changed_address_cuts_connections_and_an_additional_one_does_not()
    {
        NetworkBinding binding = Bind();
        int epoch = binding.Epoch;
        _interfaces = [Tunnel(First, Second, Sixth)];
        Assert.True(binding.Check());
        Assert.Null(binding.WhyCut(ref epoch));
        Assert.Equal(First, binding.EndPointFor(AddressFamily.InterNetwork, 1).Address);
        Assert.Equal(Sixth, binding.EndPointFor(AddressFamily.InterNetworkV6, 1).Address);
        _interfaces = [Tunnel(Second, Sixth)];
        Assert.True(binding.Check());
        Assert.Equal("the address of tun0 has changed", binding.WhyCut(ref epoch));
        Assert.Null(binding.WhyCut(ref epoch));
        Assert.Equal(Second, binding.EndPointFor(AddressFamily.InterNetwork, 1).Address);
    }

    [Fact]
    public void An_interface_that_was_recreated_is_a_different_one()
    {
        NetworkBinding binding = Bind();
        int epoch = binding.Epoch;
        _interfaces = [Tunnel(First) with { Index = 8 }];
        Assert.True(binding.Check());
        Assert.NotNull(binding.WhyCut(ref epoch));
    }

    [Fact]
    public void While_the_system_reports_nothing_nothing_has_changed()
    {
        NetworkBinding binding = new(BindTarget.ToInterface("tun0"))
        {
            ReadInterfaces = () => _interfaces.IsDefault ? throw new SocketException((int)SocketError.TooManyOpenSockets) : _interfaces,
        };
        Assert.Null(binding.Trouble);
        _interfaces = default;
        Assert.False(binding.Check());
        Assert.Null(binding.Trouble);
    }

    [Fact]
    public void An_address_of_a_single_link_is_used_over_IPv4_only()
    {
        _interfaces = [Tunnel(IPAddress.Parse("169.254.7.7"), IPAddress.Parse("fe80::1"))];
        NetworkBinding binding = Bind();
        Assert.Equal([AddressFamily.InterNetwork], binding.Families);
        _interfaces = [Tunnel(IPAddress.Parse("169.254.7.7"), First)];
        Assert.Equal(First, Bind().EndPointFor(AddressFamily.InterNetwork, 0).Address);
    }

    /// <summary>The sockets of the interface that had it are useless, though the address is still one of this machine.</summary>
    [Fact]
    public void An_address_that_moves_to_another_interface_cuts_what_was_there()
    {
        _interfaces = [Tunnel(IPAddress.Loopback)];
        NetworkBinding binding = new(IPAddress.Loopback) { ReadInterfaces = () => _interfaces, BindsToDevice = true };
        int epoch = binding.Epoch;
        Assert.False(binding.Check());
        _interfaces = [Tunnel(IPAddress.Loopback) with { Name = "eth0", Index = 8 }];
        Assert.True(binding.Check());
        Assert.Equal("the interface of 127.0.0.1 has changed", binding.WhyCut(ref epoch));
        Assert.Equal("127.0.0.1 is an address of this machine again, on eth0: it goes on.", binding.News);
        Assert.False(binding.Check());
        Assert.Null(binding.WhyCut(ref epoch));
    }

    /// <summary>Machines that have their addresses on the loopback interface reach others by real ones.</summary>
    [Fact]
    public void An_address_of_a_loopback_interface_is_bound_to_no_interface()
    {
        _interfaces = [Tunnel(IPAddress.Loopback) with { IsLoopback = true }];
        NetworkBinding binding = new(IPAddress.Loopback) { ReadInterfaces = () => _interfaces };
        using Socket socket = binding.Open(AddressFamily.InterNetwork, SocketType.Stream);
        Assert.Equal("", DeviceOf(socket));
        _interfaces = [Tunnel(IPAddress.Loopback) with { Index = 9, IsLoopback = true }];
        Assert.False(binding.Check());
    }

    [Fact]
    public void Sockets_of_an_address_are_bound_to_its_interface_except_towards_this_machine()
    {
        Requires.That(OperatingSystem.IsLinux(), "Only Linux binds to interfaces.");
        _interfaces = [Tunnel(IPAddress.Loopback) with { Name = "lo" }];
        NetworkBinding binding = new(IPAddress.Loopback) { ReadInterfaces = () => _interfaces };
        using Socket stream = binding.OpenFor(IPAddress.Parse("192.0.2.1"), SocketType.Stream);
        using Socket port = binding.OpenAt(AddressFamily.InterNetwork, SocketType.Dgram, 0);
        using Socket relayed = binding.OpenUdpFor(IPAddress.Parse("192.0.2.1"));
        Assert.Equal(["lo", "lo", "lo"], [DeviceOf(stream), DeviceOf(port), DeviceOf(relayed)]);
        using Socket near = binding.OpenFor(IPAddress.Parse("127.0.0.9"), SocketType.Stream);
        using Socket nearRelay = binding.OpenUdpFor(IPAddress.Parse("127.0.0.9"));
        Assert.Equal(["", ""], [DeviceOf(near), DeviceOf(nearRelay)]);
        Assert.Null(binding.Refusal);
    }

    /// <summary>In a sandbox that forbids it, the sockets have the address alone, which is said once.</summary>
    [Fact]
    public void Where_the_system_forbids_it_the_user_is_told_once()
    {
        Requires.That(Sandbox.IsPossible, "Calls can only be forbidden on Linux.");
        _interfaces = [Tunnel(IPAddress.Loopback) with { Name = "lo" }];
        NetworkBinding binding = new(IPAddress.Loopback) { ReadInterfaces = () => _interfaces };
        (IPEndPoint Address, string Device) opened = Sandbox.Run(Sandbox.SetOption, Sandbox.NotPermitted, () =>
        {
            using Socket socket = binding.Open(AddressFamily.InterNetwork, SocketType.Stream);
            return ((IPEndPoint)socket.LocalEndPoint!, DeviceOf(socket));
        });
        Assert.Equal((IPAddress.Loopback, ""), (opened.Address.Address, opened.Device));
        Assert.Contains("does not allow sockets to be bound to the interface of 127.0.0.1", binding.Refusal, StringComparison.Ordinal);
        Assert.Null(binding.Refusal);
    }

    [Fact]
    public void The_system_says_which_interfaces_exist()
    {
        InterfaceInfo loopback = Assert.Single(InterfaceTable.Read(), static info => info.IsLoopback);
        Assert.True(loopback.IsUp);
        Assert.True(loopback.Index > 0);
        Assert.Contains(IPAddress.Loopback, loopback.Addresses);
        Assert.Equal(IPAddress.Loopback, loopback.Best(AddressFamily.InterNetwork));
    }

    private static InterfaceInfo Tunnel(params IPAddress[] addresses) =>
        new() { Name = "tun0", Index = 7, IsUp = true, Addresses = [.. addresses] };

    private static string DeviceOf(Socket socket)
    {
        byte[] name = new byte[16];
        return System.Text.Encoding.ASCII.GetString(name, 0, socket.GetRawSocketOption(1, 25, name)).TrimEnd('\0');
    }

    private NetworkBinding Bind() =>
        new(BindTarget.ToInterface("tun0")) { ReadInterfaces = () => _interfaces, BindsToDevice = false };
}
