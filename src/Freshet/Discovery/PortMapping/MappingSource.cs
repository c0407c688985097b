namespace Freshet.Discovery.PortMapping;

/// <summary>By which way a mapping came.</summary>
/// <param name="Protocol">Its name.</param>
/// <param name="IsV6">Whether it is for IPv6.</param>
internal readonly record struct MappingSource(string Protocol, bool IsV6);
