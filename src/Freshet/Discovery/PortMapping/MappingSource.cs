namespace Freshet.Discovery.PortMapping;

/// <summary>How a mapping was made.</summary>
/// <param name="Protocol">The protocol's name.</param>
/// <param name="IsV6">Whether the mapping is for IPv6.</param>
internal readonly record struct MappingSource(string Protocol, bool IsV6);
