using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// The local address or network interface to which all traffic is bound: one of this machine's addresses, or an interface by name, such as
/// <c>eth0</c> or <c>tun0</c>. An interface is followed: when its address changes, traffic continues from the new one. Immutable, with
/// value equality.
/// </summary>
public sealed record BindTarget
{
    private const int LongestName = 255;

    private BindTarget(IPAddress? address, string? interfaceName)
    {
        Address = address;
        InterfaceName = interfaceName;
    }

    /// <summary>The address; null for an interface.</summary>
    public IPAddress? Address { get; }

    /// <summary>The name of the interface; null for an address.</summary>
    public string? InterfaceName { get; }

    /// <summary>Binds to one address of this machine.</summary>
    public static BindTarget ToAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new BindTarget(address, null);
    }

    /// <summary>Binds to an interface of this machine, which need not exist yet.</summary>
    /// <exception cref="ArgumentException">The name is not a valid interface name.</exception>
    public static BindTarget ToInterface(string name) => IsName(name)
        ? new BindTarget(null, name)
        : throw new ArgumentException("An interface name has 1 to 255 characters and no '/' or control characters.", nameof(name));

    /// <summary>Parses an IP address; any other text that is a valid interface name is taken as one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BindTarget? target)
    {
        target = IPAddress.TryParse(text, out IPAddress? address) ? new BindTarget(address, null)
            : IsName(text) ? new BindTarget(null, text)
            : null;
        return target is not null;
    }

    /// <summary>Converts an address to a target; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator BindTarget?(IPAddress? address) => address is null ? null : new BindTarget(address, null);

    /// <summary>The address, or the interface name.</summary>
    public override string ToString() => InterfaceName ?? Address!.ToString();

    private static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= LongestName }
        && !string.IsNullOrWhiteSpace(name)
        && !name.Any(static character => char.IsControl(character) || character is '/' or ':');
}
