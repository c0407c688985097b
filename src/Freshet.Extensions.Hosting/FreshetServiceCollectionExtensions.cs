using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Freshet.Extensions.Hosting;

/// <summary>Adds a session to a host.</summary>
public static class FreshetServiceCollectionExtensions
{
    /// <summary>
    /// Adds a session that starts and ends with the host; <see cref="SessionHost"/> gives it to whoever needs it. It logs, measures and
    /// tells the time by the host's services where there are any.
    /// </summary>
    /// <param name="services">The host's.</param>
    /// <param name="configure">
    /// Given the services and the options so far, returns those to use: <c>(_, options) => options with { DownloadFolder = "/data" }</c>.
    /// Null uses the defaults.
    /// </param>
    public static IServiceCollection AddFreshet(
        this IServiceCollection services, Func<IServiceProvider, SessionOptions, SessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(provider => new SessionHost(OptionsFor(provider, configure)));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHostedService, SessionHost>(provider => provider.GetRequiredService<SessionHost>()));
        return services;
    }

    private static SessionOptions OptionsFor(IServiceProvider provider, Func<IServiceProvider, SessionOptions, SessionOptions>? configure)
    {
        SessionOptions options = new() { MeterFactory = provider.GetService<IMeterFactory>() };
        if (provider.GetService<ILoggerFactory>() is { } logging)
            options = options with { LoggerFactory = logging };
        if (provider.GetService<TimeProvider>() is { } time)
            options = options with { TimeProvider = time };
        return configure is null ? options : configure(provider, options);
    }
}
