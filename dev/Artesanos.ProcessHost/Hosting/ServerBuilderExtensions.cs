using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL servers and databases.</summary>
public static class PostgresBuilderExtensions
{
    /// <summary>Adds a PostgreSQL server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser; <c>postgres</c> if null.</param>
    /// <param name="password">Generated and kept with the data if null.</param>
    /// <param name="port">Fixed port; free if null.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(
        this IDistributedApplicationBuilder builder, string name,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var server = new PostgresServerResource(name, userName?.Resource,
            password?.Resource ?? builder.CreatePassword($"{name}-password"));
        return builder.AddResource(server).WithAnnotation(
            new EndpointAnnotation(PostgresServerResource.PrimaryEndpointName, "tcp", port));
    }

    /// <summary>Adds a database, which is created at start when it is not there.</summary>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(
        this IResourceBuilder<PostgresServerResource> builder, string name,
        string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.AddDatabase(name, databaseName ?? name);
        return builder.ApplicationBuilder.AddResource(
            new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource));
    }

    /// <summary>Keeps the data after the application ends.</summary>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(
        this IResourceBuilder<PostgresServerResource> builder, string? name = null,
        bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = isReadOnly;
        return builder.WithAnnotation(new VolumeAnnotation(name ?? builder.Resource.Name));
    }
}

/// <summary>Adds NATS servers.</summary>
public static class NatsBuilderExtensions
{
    /// <summary>Adds a NATS server.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">Fixed port; free if null.</param>
    /// <param name="userName"><c>nats</c> if null.</param>
    /// <param name="password">Generated if null.</param>
    public static IResourceBuilder<NatsServerResource> AddNats(
        this IDistributedApplicationBuilder builder, string name, int? port = null,
        IResourceBuilder<ParameterResource>? userName = null,
        IResourceBuilder<ParameterResource>? password = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var server = new NatsServerResource(name, userName?.Resource,
            password?.Resource ?? builder.CreatePassword($"{name}-password"));
        var nats = builder.AddResource(server).WithAnnotation(
            new EndpointAnnotation(NatsServerResource.PrimaryEndpointName, "nats", port));
        NatsClusterWiring.ClusterIfAsked(nats);
        return nats;
    }

    /// <summary>Turns JetStream on.</summary>
    public static IResourceBuilder<NatsServerResource> WithJetStream(
        this IResourceBuilder<NatsServerResource> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.WithAnnotation(
            new JetStreamAnnotation(), ResourceAnnotationMutationBehavior.Replace);
    }

    /// <summary>Keeps the streams after the application ends.</summary>
    public static IResourceBuilder<NatsServerResource> WithDataVolume(
        this IResourceBuilder<NatsServerResource> builder, string? name = null,
        bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        _ = isReadOnly;
        return builder.WithAnnotation(new VolumeAnnotation(name ?? builder.Resource.Name));
    }
}
