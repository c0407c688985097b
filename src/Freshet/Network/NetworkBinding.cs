using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Network;

/// <summary>
/// The one local address or interface that a session may use, or any; everything that opens a socket opens it here. It fails closed: a
/// socket is either bound or not opened at all. If the machine loses the address during a run, the system would send pending data over any
/// other interface that leads there, and reveal users where they did not want to be seen; so connections must be ended, and none is made
/// before the address is back.
/// </summary>
/// <remarks>
/// Sockets of an interface are bound to one of its addresses of each family, and to the interface itself if the system permits it (Linux
/// 5.7 and later; before, only for root): then none of their packets leaves over another one, whatever the routes say. An address is kept
/// as long as the interface has it. Sockets of an address are bound to the interface that has it in the same way. A loopback interface is
/// left out: some machines have their addresses there, and reach others by them over real interfaces.
/// </remarks>
/// <param name="target">The address or interface; null for any, which is never lost.</param>
internal sealed class NetworkBinding(BindTarget? target = null)
{
    private const int Refused = 1;
    private const int Said = 2;

    // Nothing is sent to it.
    private const int DiscardPort = 9;

    private readonly Lock _checking = new();
    private volatile BindingState? _state;
    private volatile NameResolver? _names;
    private readonly bool _hasOtherNames;
    private NameLookups<string[]>? _texts;
    private int _refusal;

    /// <summary>What is used; null for any.</summary>
    public BindTarget? Target { get; } = target;

    /// <summary>The name servers that the user names; none to ask those that the system is configured with.</summary>
    public ImmutableArray<IPEndPoint> NameServers { get; init; } = [];

    /// <summary>
    /// Resolves names: by sockets of the binding and of the name servers that the user names, or if everything may be used, as the system
    /// does.
    /// </summary>
    public NameResolver Names
    {
        get => _names ?? MakeNames();
        init => (_names, _hasOtherNames) = (value, true);
    }

    /// <summary>
    /// Finds the texts that owners of names publish. The system's resolver has no call for them, so without a binding the name servers are
    /// asked that it asks. Null if names are resolved by somebody else, such as a proxy.
    /// </summary>
    public NameLookups<string[]>? Texts
    {
        get => _texts ?? (_hasOtherNames ? null : MakeTexts());
        init => _texts = value;
    }

    /// <summary>The blocked addresses.</summary>
    public AddressFilter Filter { get; init; } = new();

    /// <summary>Creates unbound sockets; replaced in tests.</summary>
    public Func<AddressFamily, SocketType, Socket> NewSocket { get; init; } = static (family, type) =>
        new Socket(family, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);

    /// <summary>Lists the interfaces; replaced in tests.</summary>
    public Func<ImmutableArray<InterfaceInfo>> ReadInterfaces { get; init; } = InterfaceTable.Read;

    /// <summary>Whether sockets are bound to the interface itself as well, if the system can.</summary>
    public bool BindsToDevice { get; init; } = OperatingSystem.IsLinux();

    /// <summary>What is wrong, for people; null if nothing is.</summary>
    public string? Trouble => State.Trouble;

    /// <summary>Completed while the address is available; otherwise completes when it is back.</summary>
    public Task Back => State.Lost?.Task ?? Task.CompletedTask;

    /// <summary>Changes whenever all sockets opened before have become useless.</summary>
    public int Epoch => State.Epoch;

    /// <summary>
    /// Cancelled when all sockets opened from now on have become useless: those that wait for something must be closed then.
    /// </summary>
    public CancellationToken UntilLost => State.Sockets.Token;

    /// <summary>
    /// What the user should know if the system has not let a socket be bound to its interface, for people; returned once, otherwise null.
    /// </summary>
    public string? Refusal => Interlocked.CompareExchange(ref _refusal, Said, Refused) == Refused
        ? $"The system does not allow sockets to be bound to the interface of {Target}: the routes decide by which one packets leave. "
            + "Linux allows it from version 5.7 on, and before only to root; a sandbox may forbid it."
        : null;

    /// <summary>Whether only this machine can be reached.</summary>
    public bool IsLoopback => (State.V4 ?? State.V6) is { } address && IPAddress.IsLoopback(address);

    /// <summary>What has changed, for the user.</summary>
    public string News => (State, Target) switch
    {
        ({ Trouble: { } trouble }, { Address: not null }) =>
            $"{trouble}: all connections are ended, and nothing is sent by any other address. It goes on when the address is back.",
        ({ Trouble: { } trouble }, _) =>
            $"{trouble}: all connections are ended, and nothing is sent by any other interface. It goes on when {Target} is back.",
        ({ Device: { } device }, { Address: not null }) => $"{Target} is an address of this machine again, on {device}: it goes on.",
        (_, { Address: not null }) => $"{Target} is an address of this machine again: it goes on.",
        var (state, _) => $"{Target} is used from now on with {string.Join(" and ", AddressesOf(state))}.",
    };

    /// <summary>The families of which sockets can be opened now, as far as the system has them; always that of a bound address.</summary>
    public IReadOnlyList<AddressFamily> Families => Target is null ? SystemFamilies : [.. SystemFamilies.Where(Allows)];

    private static AddressFamily[] SystemFamilies =>
        Socket.OSSupportsIPv6 && Socket.OSSupportsIPv4 ? [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6]
        : Socket.OSSupportsIPv6 ? [AddressFamily.InterNetworkV6]
        : [AddressFamily.InterNetwork];

    private BindingState State => _state ?? ReadFirst();

    /// <summary>Whether sockets of a family may be opened.</summary>
    public bool Allows(AddressFamily family) =>
        Target is null || State.AddressOf(family) is not null || (Target.Address is null && Trouble is not null);

    /// <summary>Whether sockets of a family may be opened now or later: an interface can get other addresses.</summary>
    public bool MayAllow(AddressFamily family) => Target?.Address is null || Target.Address.AddressFamily == family;

    /// <summary>Why existing connections must end, for people; null if they need not. Each reason is returned once.</summary>
    public string? WhyCut(ref int epoch)
    {
        BindingState state = State;
        bool isNew = Interlocked.Exchange(ref epoch, state.Epoch) != state.Epoch;
        string what = Target?.Address is null ? "address" : "interface";
        return state.Trouble ?? (isNew ? $"the {what} of {Target} has changed" : null);
    }

    /// <summary>The endpoint to listen or receive on over a family.</summary>
    public IPEndPoint EndPointFor(AddressFamily family, int port) =>
        EndPointFor(State, family, port);

    /// <summary>Resolves a host to the addresses for which sockets can be opened, in the order in which they should be tried.</summary>
    /// <returns>At least one address, or none and why, for people.</returns>
    public async Task<(IPAddress[] Addresses, string? Failure)> ResolveAsync(
        string host, CancellationToken cancellationToken, NameUrgency urgency = NameUrgency.Needed)
    {
        try
        {
            IPAddress[] addresses = await Names.ResolveAsync(host, cancellationToken, urgency).ConfigureAwait(false);
            IPAddress[] usable = Array.FindAll(addresses, address => Allows(address.AddressFamily));
            if (usable.Length > 0)
                return (usable, null);
            return ([], $"The host {host} has no address" + (Target is null ? "." : $" that can be reached from {Target}."));
        }
        catch (SocketException e)
        {
            return ([], $"The host {host} was not found: {e.Message.TrimEnd('.')}.");
        }
    }

    /// <summary>Opens a socket, bound to the address if there is one, with a port that the system chooses.</summary>
    /// <exception cref="SocketException">
    /// The family is not that of the address, the machine has not got the address, or the system gives no socket.
    /// </exception>
    public Socket Open(AddressFamily family, SocketType type) => Open(State, family, type, port: null);

    /// <summary>Opens a socket as above for a connection to an address.</summary>
    /// <remarks>
    /// What is sent to a loopback address never leaves this machine, and a socket that is bound to an interface cannot send there. A proxy
    /// or name server there may be used from the bound address; from an interface, only what it leads to can be reached.
    /// </remarks>
    /// <exception cref="SocketException">As of <see cref="Open(AddressFamily, SocketType)"/>.</exception>
    public Socket OpenFor(IPAddress target, SocketType type) => Open(StateFor(target), target.AddressFamily, type, port: null);

    /// <summary>Opens a socket for a port of the address, or of all addresses of a family.</summary>
    /// <exception cref="SocketException">
    /// As of <see cref="Open(AddressFamily, SocketType)"/>, or the port is taken or not allowed.
    /// </exception>
    public Socket OpenAt(AddressFamily family, SocketType type, int port) => Open(State, family, type, port);

    /// <summary>Opens a UDP socket with a port that the system chooses, to exchange datagrams with one address.</summary>
    /// <exception cref="SocketException">As of <see cref="Open(AddressFamily, SocketType)"/>.</exception>
    public Socket OpenUdpFor(IPAddress target) => Open(StateFor(target), target.AddressFamily, SocketType.Dgram, 0);

    /// <summary>
    /// Opens a socket that receives datagrams to a port of a multicast group, alongside other programs on this machine. It must still join
    /// the group on each interface. Nothing may be sent with it.
    /// </summary>
    /// <exception cref="SocketException">
    /// As for <see cref="Open(AddressFamily, SocketType)"/>, or another program uses the port exclusively.
    /// </exception>
    public Socket OpenGroup(IPAddress group, int port)
    {
        BindingState state = State;
        RequireUsable(state, group.AddressFamily);
        Socket socket = NewSocket(group.AddressFamily, SocketType.Dgram);
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            if (group.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            BindToDevice(socket, state);

            // Windows cannot bind to a group; elsewhere this keeps out everything else.
            socket.Bind(new IPEndPoint(OperatingSystem.IsWindows() ? AnyOf(group.AddressFamily) : group, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Checks whether the address is available, or which one the interface has; returns whether that has changed. May be called from any
    /// thread, every second or after a failure.
    /// </summary>
    public bool Check()
    {
        if (Target is null)
            return false;
        BindingState before;
        lock (_checking)
        {
            before = State;
            BindingState now = Target.Address is { } address ? ReadState(address, before) : ReadState(Target.InterfaceName!, before);
            if (ReferenceEquals(before, now))
                return false;
            _state = now;
            if (now.Lost is null)
                before.Lost?.SetResult();
            if (now.Epoch == before.Epoch)
                return true;
        }

        before.Sockets.Cancel();
        return true;
    }

    private static IEnumerable<IPAddress> AddressesOf(BindingState state) => new[] { state.V4, state.V6 }.OfType<IPAddress>();

    private NameResolver MakeNames()
    {
        lock (_checking)
            return _names ??= new NameResolver(Target is null && NameServers.IsEmpty ? null : new BoundNames(this).LookUp);
    }

    private NameLookups<string[]> MakeTexts()
    {
        lock (_checking)
            return _texts ??= new NameLookups<string[]>(new BoundNames(this).FindTexts);
    }

    private BindingState ReadFirst()
    {
        lock (_checking)
        {
            return _state ??= Target switch
            {
                null => new BindingState(),
                { Address: { AddressFamily: AddressFamily.InterNetworkV6 } address } =>
                    FindInterface(address, new BindingState { V6 = address }),
                { Address: { } address } => FindInterface(address, new BindingState { V4 = address }),
                { InterfaceName: var name } => ReadState(name!, new BindingState()),
            };
        }
    }

    private BindingState StateFor(IPAddress target) =>
        Target?.Address is not null && IPAddress.IsLoopback(target) ? State with { Device = null } : State;

    private Socket Open(BindingState state, AddressFamily family, SocketType type, int? port)
    {
        RequireUsable(state, family);
        Socket socket = NewSocket(family, type);
        try
        {
            // So that an IPv4 socket can have the same port, and addresses are not IPv4-mapped.
            if (port is not null && family == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            BindToDevice(socket, state);
            if (Target is not null || port is not null)
                socket.Bind(EndPointFor(state, family, port ?? 0));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private void BindToDevice(Socket socket, BindingState state)
    {
        if (state.Device is { } name && BindsToDevice && !DeviceBinding.TryBind(socket, name))
            Interlocked.CompareExchange(ref _refusal, Refused, 0);
    }

    private BindingState ReadState(IPAddress address, BindingState before)
    {
        if (!IsHere(address))
            return before.Lost is null ? before.InTrouble($"{address} is not an address of this machine any more") : before;
        BindingState now = FindInterface(address, before);
        if (before.Lost is not null)
            return now with { Trouble = null, Lost = null };

        // The sockets of the interface that had the address are useless.
        return now.Index == before.Index ? before : before.InNextEpoch() with { Device = now.Device, Index = now.Index };
    }

    // Without free handles the system returns nothing, which does not mean that the address is elsewhere.
    private BindingState FindInterface(IPAddress address, BindingState before)
    {
        if (!BindsToDevice)
            return before;
        try
        {
            InterfaceInfo? info = ReadInterfaces().FirstOrDefault(info => !info.IsLoopback && info.Addresses.Contains(address));
            return before with { Device = info?.Name, Index = info?.Index ?? 0 };
        }
        catch (SocketException)
        {
            return before;
        }
    }

    private BindingState ReadState(string name, BindingState before)
    {
        InterfaceInfo? info;
        try
        {
            info = ReadInterfaces().FirstOrDefault(info => info.Name == name);
        }
        catch (SocketException e)
        {
            // Without free handles the system returns nothing, which does not mean that the interface is gone.
            return before.Index != 0 || before.Lost is not null ? before : before.InTrouble(e.Message.TrimEnd('.'));
        }

        IPAddress? v4 = Choose(info, AddressFamily.InterNetwork, before.V4);
        IPAddress? v6 = Choose(info, AddressFamily.InterNetworkV6, before.V6);
        string? trouble = info is null ? $"{name} is not an interface of this machine"
            : !info.IsUp ? $"{name} is down"
            : v4 is null && v6 is null ? $"{name} has no address"
            : null;
        if (trouble is not null)
            return trouble == before.Trouble ? before : before.InTrouble(trouble) with { V4 = null, V6 = null, Index = 0, Device = null };
        bool isOther = before.Index != 0
            && (before.Index != info!.Index
                || (before.V4 is not null && !before.V4.Equals(v4))
                || (before.V6 is not null && !before.V6.Equals(v6)));
        BindingState now = (isOther ? before.InNextEpoch() : before) with
        {
            V4 = v4,
            V6 = v6,
            Index = info!.Index,
            Device = name,
            Trouble = null,
            Lost = null,
        };
        return now == before ? before : now;
    }

    private static IPAddress? Choose(InterfaceInfo? info, AddressFamily family, IPAddress? before) =>
        before is not null && info?.Addresses.Contains(before) == true ? before : info?.Best(family);

    private static IPEndPoint EndPointFor(BindingState state, AddressFamily family, int port) =>
        new(state.AddressOf(family) ?? AnyOf(family), port);

    private static IPAddress AnyOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any;

    private void RequireUsable(BindingState state, AddressFamily family)
    {
        const SocketError OtherFamily = SocketError.AddressFamilyNotSupported;
        if (!Allows(family))
            throw new SocketException((int)OtherFamily, $"{Target} does not reach addresses of the other family.");
        if (state.Trouble is { } trouble)
            throw new SocketException((int)SocketError.AddressNotAvailable, trouble + ".");
    }

    private bool IsHere(IPAddress address)
    {
        try
        {
            // Nothing is sent: it is enough that a port of the address can be bound.
            using Socket socket = NewSocket(address.AddressFamily, SocketType.Dgram);
            socket.Bind(new IPEndPoint(address, 0));

            // Linux can be told to let programs bind to addresses that are not there (ip_nonlocal_bind), but has no way from them.
            if (address.AddressFamily == AddressFamily.InterNetwork)
                socket.Connect(new IPEndPoint(address, DiscardPort));
            return true;
        }
        catch (SocketException e)
        {
            // Other errors, such as a lack of handles, are inconclusive.
            return e.SocketErrorCode is not (SocketError.AddressNotAvailable or SocketError.NetworkUnreachable);
        }
    }
}
