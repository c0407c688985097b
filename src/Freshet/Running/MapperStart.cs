using Freshet.Discovery.PortMapping;

namespace Freshet.Running;

/// <summary>Has the router of a session's network lead its port to it.</summary>
internal static class MapperStart
{
    public static PortMapper Create(SessionServices services)
    {
        PortMapper mapper = new(new PortMapperOptions
        {
            Binding = services.Binding,
            Time = services.Time,
            Port = () => services.ListenPort,
            FindGateway = family => Gateway.Find(services.Binding, family),
        });
        mapper.Start();
        return mapper;
    }
}
