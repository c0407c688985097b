using Freshet.Discovery.PortMapping;

namespace Freshet.Running;

/// <summary>Starts port mapping for a session's network.</summary>
internal static class MapperStart
{
    public static PortMapper Create(SessionNetwork network, TimeProvider time)
    {
        PortMapper mapper = new(new PortMapperOptions
        {
            Binding = network.Binding,
            Time = time,
            Addresses = network.Addresses,
            Port = () => network.ListenPort,
            FindGateway = family => Gateway.Find(network.Binding, family),
        });
        mapper.Start();
        return mapper;
    }
}
