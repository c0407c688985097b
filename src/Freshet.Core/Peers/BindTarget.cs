using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// What of this machine all traffic uses: one of its addresses, or one of its network interfaces by name, such as <c>eth0</c> or
/// <c>tun0</c>. An interface is followed: when its address changes, traffic goes on from the new one. Immutable; equal if the same is
/// meant.
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

    /// <summary>One address of this machine.</summary>
    public static BindTarget ToAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return new BindTarget(address, null);
    }

    /// <summary>An interface of this machine, which need not be there yet.</summary>
    /// <exception cref="ArgumentException">No interface can have such a name.</exception>
    public static BindTarget ToInterface(string name) => IsName(name)
        ? new BindTarget(null, name)
        : throw new ArgumentException("The name of an interface is 1 to 255 characters, without '/' and control characters.", nameof(name));

    /// <summary>Reads an IP address; anything else that can be the name of an interface is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BindTarget? target)
    {
        target = IPAddress.TryParse(text, out IPAddress? address) ? new BindTarget(address, null)
            : IsName(text) ? new BindTarget(null, text)
            : null;
        return target is not null;
    }

    /// <summary>An address as a target; null stays null.</summary>
    [return: NotNullIfNotNull(nameof(address))]
    public static implicit operator BindTarget?(IPAddress? address) => address is null ? null : new BindTarget(address, null);

    /// <summary>The address, or the name of the interface.</summary>
    public override string ToString() => InterfaceName ?? Address!.ToString();

    private static bool IsName([NotNullWhen(true)] string? name) =>
        name is { Length: > 0 and <= LongestName }
        && !string.IsNullOrWhiteSpace(name)
        && !name.Any(static character => char.IsControl(character) || character is '/' or ':');
}
